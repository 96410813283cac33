using Nosana.Node.Cli;

return await NodeCommand.RunAsync(args);
