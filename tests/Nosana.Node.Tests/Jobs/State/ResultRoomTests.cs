using Nosana.JobDefinition.Results;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Tests.Jobs.State;

public sealed class ResultRoomTests
{
    [Fact]
    public void Take_OperationsThatExtractTooMuchTogether_TellsTheLaterOnes()
    {
        var room = new ResultRoom();
        ResultValue large = ResultValue.List([new string('\u0001', 1 << 20)]); // 6 MiB as it is sent
        Assert.Same(large, room.Take("a", large));
        ResultValue told = room.Take("b", large);
        Assert.Null(told.Items);
        Assert.Equal($"Error: 'b' has {6 << 20} bytes, and {2 << 20} of the {8 << 20} bytes are left that all results of a job may have together", told.Text);
        ResultValue small = ResultValue.List(["x", null]);
        Assert.Same(small, room.Take("c", small));
    }

    [Fact]
    public void Take_MillionsOfEmptyGroups_CountForWhatTheyTakeInMemory() =>
        Assert.Null(new ResultRoom().Take("a", ResultValue.List(new string?[1 << 20])).Items);
}
