namespace Nosana.Node.Journal;

/// <summary>Jobs that this machine's posters began to list.</summary>
internal sealed partial class JournalStore
{
    public void Save(OpenPost post) => Execute(
        "INSERT INTO posts (job, content) VALUES (@Job, @Content) ON CONFLICT (job) DO NOTHING", post);

    public void DeletePost(string job) => Execute("DELETE FROM posts WHERE job = @job", new { job });

    /// <summary>Posts of this content whose poster was not told their fate, oldest first.</summary>
    public IReadOnlyList<OpenPost> OpenPosts(string content) =>
        Read<OpenPost>("SELECT job, content FROM posts WHERE content = @content ORDER BY rowid", new { content });
}
