namespace Nosana.Node.Posting;

/// <summary>States of a job in the words of the network's clients, and what its poster can do in each.</summary>
internal static class JobStates
{
    public const string Queued = "QUEUED", Running = "RUNNING", Completed = "COMPLETED", Stopped = "STOPPED";

    /// <summary>A sentence that says what can be done with a job of this state.</summary>
    public static string Advice(string state) => state switch
    {
        Queued => "It waits in the queue of its market: take it back with 'job delist', or pay for more seconds with 'job extend'.",
        Running => "A host runs it: stop it with 'job end', or pay for more seconds with 'job extend'.",
        Completed => "It has ended and is paid for: 'job get' prints its result.",
        Stopped => "Its host gave it back: take its deposit back with 'job recover', then post it again.",
        _ => "It was written by a version of the jobs program that this program does not know: look for a newer nosana-node.",
    };
}
