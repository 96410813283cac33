using Nosana.Node.Cli;
using Nosana.Node.Hosting;

ProcessProtection.Begin();
return await NodeCommand.RunAsync(args);
