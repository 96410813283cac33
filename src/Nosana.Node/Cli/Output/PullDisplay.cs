using System.Globalization;
using Nosana.Node.Engine.Images;
using Nosana.Node.Jobs;
using Nosana.Node.Texts;
using Spectre.Console;

namespace Nosana.Node.Cli.Output;

/// <summary>A bar on a terminal, on standard error so that it never mixes with an answer.</summary>
internal sealed class PullBars : IPullDisplay
{
    private static readonly IAnsiConsole Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(System.Console.Error) });

    public IPullProgress Begin(string image) => new Bar(image);

    private sealed class Bar : IPullProgress
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ProgressTask> _task = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly string _image;
        private Task? _display;

        public Bar(string image) => _image = image;

        public void Report(PullProgress value)
        {
            // Only a pull that moves bytes gets a bar: an image that is present shows none.
            if (value.TotalBytes == 0) return;
            _display ??= Terminal.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
                .StartAsync(async context =>
                {
                    _task.SetResult(context.AddTask(Markup.Escape(PlainText.OneLine(_image))));
                    await _done.Task;
                });
            if (!_task.Task.IsCompletedSuccessfully) return;
            ProgressTask task = _task.Task.Result;
            task.MaxValue = value.TotalBytes;
            task.Value = value.CurrentBytes;
        }

        public void Dispose()
        {
            _done.TrySetResult();
            _display?.GetAwaiter().GetResult();
        }
    }
}

/// <summary>Plain lines in the log, one at each tenth of the pull.</summary>
internal sealed partial class PullLines(ILogger<PullLines> logger) : IPullDisplay
{
    public IPullProgress Begin(string image) => new Lines(image, logger);

    private sealed class Lines(string image, ILogger logger) : IPullProgress
    {
        private int _tenth = -1;

        public void Report(PullProgress value)
        {
            if (value.TotalBytes == 0) return;
            int tenth = (int)(value.CurrentBytes * 10 / value.TotalBytes);
            if (tenth <= _tenth) return;
            _tenth = tenth;
            LogProgress(logger, image, Megabytes(value.CurrentBytes), Megabytes(value.TotalBytes), value.LayersDone, value.Layers);
        }

        public void Dispose()
        {
            // nothing is held
        }

        private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);
    }

    [LoggerMessage(200, LogLevel.Information, "Pulling {Image}: {Current} of {Total} MB, {Done} of {Layers} layers")]
    private static partial void LogProgress(ILogger logger, string image, string current, string total, int done, int layers);
}
