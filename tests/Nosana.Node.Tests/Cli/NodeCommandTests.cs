using System.CommandLine;
using Nosana.Node.Cli;
using Nosana.Node.Cli.Options;
using Nosana.Node.Hosting;

namespace Nosana.Node.Tests.Cli;

public sealed class NodeCommandTests
{
    [Fact]
    public async Task RunAsync_WhatNobodyHasForeseen_EndsWithFailed()
    {
        var verb = new Command("break", "fails by a fault of the program");
        verb.SetAction((_, cancel) => NodeCommand.GuardAsync(() => throw new InvalidOperationException("a fault of the program"), cancel));
        var root = new RootCommand { verb };
        root.AddSettingsOfAll();
        Assert.Equal(ExitCodes.Failed, await NodeCommand.RunAsync(root, ["break"]));
    }

    [Fact]
    public async Task RunAsync_LineThatCannotBeRead_EndsWithRefused() => Assert.Equal(ExitCodes.Refused, await NodeCommand.RunAsync(["no-such-verb"]));
}
