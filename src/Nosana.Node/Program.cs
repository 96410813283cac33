using Nosana.Node.Commands;

return await NodeCommand.RunAsync(args);
