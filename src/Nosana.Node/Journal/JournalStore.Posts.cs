namespace Nosana.Node.Journal;

/// <summary>Jobs that this machine's posters began to list.</summary>
internal sealed partial class JournalStore
{
    public void Save(OpenPost post) => Execute(
        "INSERT INTO posts (job, content) VALUES ($job, $content) ON CONFLICT (job) DO NOTHING", ("$job", post.Job), ("$content", post.Content));

    public void DeletePost(string job) => Execute("DELETE FROM posts WHERE job = $job", ("$job", job));

    /// <summary>Posts of this content whose poster was not told their fate, oldest first.</summary>
    public IReadOnlyList<OpenPost> OpenPosts(string content) => Read(
        "SELECT job, content FROM posts WHERE content = $content ORDER BY rowid",
        row => new OpenPost(row.GetString(0), row.GetString(1)), ("$content", content));
}
