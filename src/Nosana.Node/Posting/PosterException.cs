namespace Nosana.Node.Posting;

/// <summary>A poster's request cannot be carried out; the message says why and what to do.</summary>
internal class PosterException(string message) : Exception(message);

/// <summary>What the poster asked for is not possible, whatever the state of the network: nothing was looked for or sent.</summary>
internal sealed class PosterInputException(string message) : PosterException(message);
