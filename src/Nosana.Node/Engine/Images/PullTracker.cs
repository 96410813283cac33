using Docker.DotNet.Models;

namespace Nosana.Node.Engine.Images;

/// <summary>Sums the engine's messages about layers into one progress. Bytes never go back, also when a layer is begun once more.</summary>
internal sealed class PullTracker
{
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);
    private long _current;

    /// <summary>Bytes downloaded or unpacked so far: as long as this grows the pull is alive.</summary>
    public long Moved { get; private set; }

    public PullProgress Add(JSONMessage message)
    {
        string status = message.Status ?? "";
        // Messages of the whole image carry the tag as their id, or none.
        if (message.ID is { } id && IsOfLayer(status))
        {
            if (!_layers.TryGetValue(id, out Layer? layer)) _layers[id] = layer = new Layer();
            Update(layer, status, message.Progress);
        }
        long current = _layers.Values.Sum(layer => layer.Current);
        _current = Math.Max(_current, current);
        long total = Math.Max(_current, _layers.Values.Sum(layer => layer.Total));
        return new PullProgress(_current, total, _layers.Values.Count(layer => layer.Done), _layers.Count, status, Moved);
    }

    private static bool IsOfLayer(string status) => status is "Pulling fs layer" or "Waiting" or "Downloading" or "Verifying Checksum"
        or "Download complete" or "Extracting" or "Pull complete" or "Already exists" || status.StartsWith("Retrying in", StringComparison.Ordinal);

    private void Update(Layer layer, string status, JSONProgress? progress)
    {
        switch (status)
        {
            case "Downloading":
                if (progress is null) return;
                if (progress.Total > 0) layer.Total = progress.Total ?? 0;
                if (progress.Current > layer.Current) Moved += (progress.Current ?? 0) - layer.Current;
                layer.Current = progress.Current ?? 0;
                return;
            case "Verifying Checksum" or "Download complete":
                layer.Current = layer.Total = Math.Max(layer.Total, layer.Current);
                return;
            case "Extracting":
                if (progress is not null && progress.Current > layer.Extracted) Moved += (progress.Current ?? 0) - layer.Extracted;
                layer.Extracted = progress?.Current ?? layer.Extracted;
                return;
            case "Pull complete" or "Already exists":
                layer.Current = layer.Total = Math.Max(layer.Total, layer.Current);
                layer.Done = true;
                Moved++;
                return;
            default:
                return;
        }
    }

    private sealed class Layer
    {
        public long Current { get; set; }

        public long Total { get; set; }

        public long Extracted { get; set; }

        public bool Done { get; set; }
    }
}
