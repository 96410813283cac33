using System.Text;

namespace Nosana.Node.Engine.Resources;

/// <summary>Names of remote files as paths within a volume. Whoever names the files is a stranger: nothing leaves the volume.</summary>
internal static class ResourcePath
{
    /// <summary>Limits of Linux: NAME_MAX and PATH_MAX, the latter less what a container's target takes.</summary>
    private const int MaxSegmentBytes = 255, MaxPathBytes = 2048;

    /// <summary>Each directory above a file is a name of its own while archives are written; no repository comes near this.</summary>
    private const int MaxSegments = 64;

    /// <summary>The name itself, when it is a plain relative path.</summary>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Invalid"/>.</exception>
    public static string Check(string name, string source)
    {
        if (Problem(name) is { } problem)
            throw new ResourceException(ResourceFault.Invalid,
                $"{source}: the name '{Printable(name)}' {problem}. Rename it at the source, or name the files that are needed in 'files'.");
        return name;
    }

    /// <summary>No two files have one place, and none stands where another needs a directory.</summary>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Invalid"/>.</exception>
    public static void CheckTogether(IEnumerable<string> paths, string source)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            if (!files.Add(path))
                throw new ResourceException(ResourceFault.Invalid,
                    $"{source}: '{Printable(path)}' would be written twice. Give the sources targets of their own.");
        }
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> taken = files.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (string path in files)
        {
            for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1))
            {
                if (!taken.Contains(path.AsSpan(0, slash))) continue;
                throw new ResourceException(ResourceFault.Invalid, $"{source}: '{Printable(path[..slash])}' is a file, and '{Printable(path)}' needs "
                    + "a directory there. Name the files that are needed in 'files'.");
            }
        }
    }

    /// <summary>The directories above a path, outermost first.</summary>
    public static IEnumerable<string> Parents(string path)
    {
        for (int slash = path.IndexOf('/'); slash > 0; slash = path.IndexOf('/', slash + 1)) yield return path[..slash];
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0) return "is empty";
        if (name.Contains('\0')) return "contains a NUL character";
        if (name.StartsWith('/')) return "is an absolute path";
        if (Encoding.UTF8.GetByteCount(name) > MaxPathBytes) return $"is longer than {MaxPathBytes} bytes";
        if (name.Count('/') >= MaxSegments) return $"has more than {MaxSegments} parts between slashes";
        foreach (string segment in name.Split('/'))
        {
            if (segment.Length == 0) return "has an empty part between slashes";
            if (segment is "." or "..") return $"has the part '{segment}'";
            if (Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes) return $"has a part longer than {MaxSegmentBytes} bytes";
        }
        return null;
    }

    /// <summary>What a stranger has written, short and without control characters, as part of a message.</summary>
    public static string Printable(string name)
    {
        string shown = name.Length > 120 ? name[..120] + "..." : name;
        return string.Create(shown.Length, shown, (span, text) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(text[i]) ? '?' : text[i];
        });
    }
}
