using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Tests.Jobs.State;

public sealed class ExitStatusTests
{
    [Theory]
    [InlineData(0, null, "success")]
    [InlineData(null, null, "success")]
    [InlineData(1, null, "failed")]
    [InlineData(137, null, "failed")]
    [InlineData(0, "out of memory", "failed")]
    public void OfOperation_ByItself_TheExitCodeAndWhatElseIsKnownDecide(int? exitCode, string? problem, string status) =>
        Assert.Equal(status, ExitStatus.OfOperation(null, new OpExit(exitCode, Problem: problem)));

    [Fact]
    public void OfOperation_Stopped_TheReasonDecides() => Assert.Equal("success", ExitStatus.OfOperation(StopReason.Expired, new OpExit(137)));

    [Theory]
    [InlineData("success", "success", "success")]
    [InlineData("failed", "success", "failed")]
    [InlineData("success", "success", "init")]
    [InlineData("success", "success", "stopped")]
    [InlineData("failed", "stopped", "failed")]
    public void OfFlow_WhateverEndedIt_FailsWithAnyOperation(string status, params string[] ops) =>
        Assert.Equal(status, ExitStatus.OfFlow(ops.Select(op => new OpState { OperationId = op, Group = op, Status = op })));
}
