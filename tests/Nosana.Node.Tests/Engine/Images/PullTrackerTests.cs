using Docker.DotNet.Models;
using Nosana.Node.Engine.Images;

namespace Nosana.Node.Tests.Engine.Images;

public sealed class PullTrackerTests
{
    private readonly PullTracker _tracker = new();

    [Fact]
    public void Add_WholePull_SumsTheLayers()
    {
        Add("latest", "Pulling from library/x");
        Add("a", "Pulling fs layer");
        Add("b", "Already exists");
        Assert.Equal(new PullProgress(10, 100, 1, 2, "Downloading", Moved: 11), Add("a", "Downloading", 10, 100));
        Assert.Equal(100, Add("a", "Download complete").CurrentBytes);
        PullProgress last = Add("a", "Pull complete");
        Assert.Equal((100, 100, 2, 2), (last.CurrentBytes, last.TotalBytes, last.LayersDone, last.Layers));
    }

    [Fact]
    public void Add_LayerBegunAgain_NeverGoesBack()
    {
        Add("a", "Downloading", 80, 100);
        Assert.Equal(80, Add("a", "Downloading", 5, 100).CurrentBytes);
        Assert.Equal(90, Add("a", "Downloading", 90, 100).CurrentBytes);
    }

    [Fact]
    public void Moved_MessagesWithoutWork_StaysAsItIs()
    {
        Add("a", "Downloading", 80, 100);
        long moved = _tracker.Moved;
        Add("a", "Waiting");
        Add("a", "Retrying in 5 seconds");
        Assert.Equal(moved, _tracker.Moved);
        Add("a", "Extracting", 10, 100);
        Assert.True(_tracker.Moved > moved);
    }

    private PullProgress Add(string id, string status, long current = 0, long total = 0) => _tracker.Add(new JSONMessage
    {
        ID = id,
        Status = status,
        Progress = total > 0 ? new JSONProgress { Current = current, Total = total } : null,
    });
}
