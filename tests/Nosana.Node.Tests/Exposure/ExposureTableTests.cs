using Nosana.Node.Exposure;

namespace Nosana.Node.Tests.Exposure;

public sealed class ExposureTableTests
{
    private static readonly Uri One = new("http://172.17.0.2:80"), Two = new("http://172.17.0.3:80");

    private readonly ExposureTable _table = new();

    [Fact]
    public void Find_MixedCaseId_IsFoundInAnyCaseAndWithTheRootsDot()
    {
        _table.Add("4sLzMQBMa1hTu5TifyHwpreNKjFa3JLZ6jBzMt2z39yQ.localhost", One, "job");

        Assert.Equal(One, _table.Find("4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.LOCALHOST.")?.Destination);
        Assert.Equal("4sLzMQBMa1hTu5TifyHwpreNKjFa3JLZ6jBzMt2z39yQ.localhost", Assert.Single(_table.Names).HostName);
        Assert.Null(_table.Find("localhost"));
        Assert.Null(_table.Find(""));
    }

    [Fact]
    public void RemoveJob_TwoJobs_TakesTheNamesOfOneAndCancelsThem()
    {
        _table.Add("a.localhost", One, "first");
        _table.Add("b.localhost", One, "first");
        _table.Add("c.localhost", Two, "second");
        ExposedName gone = _table.Find("a.localhost")!, stays = _table.Find("c.localhost")!;

        Assert.Equal(2, _table.RemoveJob("first"));
        Assert.Equal(0, _table.RemoveJob("first"));

        Assert.Equal(["c.localhost"], _table.Names.Select(n => n.HostName));
        Assert.True(gone.Removed.IsCancellationRequested);
        Assert.False(stays.Removed.IsCancellationRequested);
    }

    [Fact]
    public void Add_SameOwnerAgain_ReplacesTheDestinationAndEndsTheOld()
    {
        _table.Add("a.localhost", One, "job");
        ExposedName old = _table.Find("a.localhost")!;

        _table.Add("A.localhost", Two, "job");

        Assert.Equal(Two, _table.Find("a.localhost")!.Destination);
        Assert.True(old.Removed.IsCancellationRequested);
        Assert.Equal(1, _table.RemoveJob("job"));
    }

    [Fact]
    public void Add_NameSharedByTwoJobs_NewestHasItAndTheOlderGetsItBack()
    {
        _table.Add("shared.localhost", One, "first");
        _table.Add("shared.localhost", Two, "second");
        Assert.Equal(Two, _table.Find("shared.localhost")!.Destination);

        _table.RemoveJob("second");

        ExposedName back = _table.Find("shared.localhost")!;
        Assert.Equal(One, back.Destination);
        Assert.False(back.Removed.IsCancellationRequested);
    }

    [Fact]
    public void Remove_OneNameOfAJob_KeepsItsOthers()
    {
        _table.Add("a.localhost", One, "job");
        _table.Add("b.localhost", One, "job");

        Assert.True(_table.Remove("A.localhost", "job"));
        Assert.False(_table.Remove("b.localhost", "other job"));

        Assert.Equal(["b.localhost"], _table.Names.Select(n => n.HostName));
    }

    [Fact]
    public void Add_NoHttpAddressOrNoHostName_Throws()
    {
        Assert.Throws<ArgumentException>(() => _table.Add("a.localhost", new Uri("https://172.17.0.2"), "job"));
        Assert.Throws<ArgumentException>(() => _table.Add("a b", One, "job"));
        Assert.Throws<ArgumentException>(() => _table.Add("", One, "job"));
    }
}
