using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

public sealed class LogStoreTests
{
    [Theory]
    [InlineData("train", "train")]
    [InlineData("", "%")]
    [InlineData("..", "%2E%2E")]
    [InlineData("../../etc/passwd", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd")]
    [InlineData("a\0b", "a%00b")]
    [InlineData("é", "%C3%A9")]
    public void ToFileName_AnyText_IsOnePathSegment(string text, string expected) => Assert.Equal(expected, LogStore.ToFileName(text));

    [Fact]
    public void ToFileName_LongTexts_StayDifferentAndShort()
    {
        string first = LogStore.ToFileName(new string('a', 1000) + "1"), second = LogStore.ToFileName(new string('a', 1000) + "2");
        Assert.NotEqual(first, second);
        Assert.True(first.Length <= 255);
    }

    [Fact]
    public void OpenOrCreate_SameOperationTwice_IsTheSameLog()
    {
        using var directory = new TemporaryDirectory();
        using var store = new LogStore(directory.Path, new LogOptions());
        Assert.Same(store.OpenOrCreate("job", "op"), store.OpenOrCreate("job", "op"));
        Assert.NotSame(store.OpenOrCreate("job", "op"), store.OpenOrCreate("job", "op2"));
    }

    [Fact]
    public void OpenOrCreate_OperationsOfOneJob_ShareItsBudget()
    {
        using var directory = new TemporaryDirectory();
        using var store = new LogStore(directory.Path, new LogOptions { BudgetBytes = 1 << 20, JobBudgetBytes = 2 << 20 });
        Assert.Equal(1 << 20, store.OpenOrCreate("a", "op").Options.BudgetBytes);
        byte[] line = new byte[1000];
        foreach (string op in (string[])["1", "2", "3", "4", "5", "6", "7", "8"])
            for (int i = 0; i < 1000; i++) store.OpenOrCreate("b", op, operations: 8).Append(LogStream.Stdout, i, line);
        store.Close("b");
        long stored = new DirectoryInfo(Path.Combine(directory.Path, "b")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        Assert.InRange(stored, 1 << 20, 2 << 20);
    }

    [Fact]
    public void Delete_OneJob_LeavesTheOthers()
    {
        using var directory = new TemporaryDirectory();
        using var store = new LogStore(directory.Path, new LogOptions());
        store.OpenOrCreate("a", "op").Append(LogStream.Stdout, 1, "x\n"u8);
        store.OpenOrCreate("b", "op").Append(LogStream.Stdout, 1, "y\n"u8);
        store.Delete("a");
        Assert.Equal(0, store.OpenOrCreate("a", "op").Totals.Entries);
        Assert.Equal(1, store.OpenOrCreate("b", "op").Totals.Entries);
    }

    [Fact]
    public void Close_ThenOpen_TakesUpWhatIsOnDisk()
    {
        using var directory = new TemporaryDirectory();
        using var store = new LogStore(directory.Path, new LogOptions());
        store.OpenOrCreate("a", "op").Append(LogStream.Stdout, 1, "x\n"u8);
        store.Close("a");
        Assert.Equal("x\n", Assert.Single(store.OpenOrCreate("a", "op").ReadAll()).Text);
    }
}
