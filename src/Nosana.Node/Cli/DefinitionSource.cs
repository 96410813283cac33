using System.Net;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Validation;
using Nosana.Node.Hosting;

namespace Nosana.Node.Cli;

/// <summary>
/// Where verbs take a definition from: a file, <c>-</c> for standard input, an address on the web, or a CID. Never more than a definition
/// may have is read.
/// </summary>
/// <param name="http">Its own timeout should be infinite.</param>
/// <param name="gateways">Asked only for a CID.</param>
/// <param name="standardInput">Opened only for <c>-</c>.</param>
internal sealed class DefinitionSource(HttpClient http, Func<IReadOnlyList<Uri>> gateways, Func<Stream> standardInput)
{
    /// <summary>What verbs say of their argument.</summary>
    public const string Description = "job definition, JSON or YAML: a file, - for standard input, an http(s) URL, or a CID on IPFS (Qm...)";

    public const string StandardInput = "-";

    /// <summary>From connecting to the last byte of an address on the web.</summary>
    public static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(30);

    private const int BufferSize = 16 * 1024;

    /// <exception cref="CommandException">Absent, unreadable, not to be fetched, or larger than any definition may be.</exception>
    public async Task<DefinitionText> ReadAsync(string place, CancellationToken cancel)
    {
        if (place == StandardInput) return await FromStandardInputAsync(cancel);
        if (Directory.Exists(place)) throw Refused($"{place} is a directory; name the files in it.");
        if (File.Exists(place)) return await FromFileAsync(place, cancel);
        if (place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return await FromWebAsync(place, cancel);
        if (Cid.TryParse(place, out Cid cid)) return await FromIpfsAsync(cid, cancel);
        throw Refused($"'{place}' does not exist. Name a file, - for standard input, an http(s) URL, or a CID of version 0 (Qm..., 46 characters).");
    }

    private async Task<DefinitionText> FromStandardInputAsync(CancellationToken cancel)
    {
        const string Name = "standard input";
        await using Stream input = standardInput();
        // A terminal's read returns only with the next line, whatever is cancelled.
        byte[] content = await Task.Run(() => ReadAsync(input, Name, cancel), cancel).WaitAsync(cancel);
        return new DefinitionText(Name, content, IsYaml: !LooksLikeJson(content));
    }

    private static async Task<DefinitionText> FromFileAsync(string file, CancellationToken cancel)
    {
        try
        {
            await using FileStream stream = File.OpenRead(file);
            return new DefinitionText(file, await ReadAsync(stream, file, cancel), IsYamlName(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused($"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// Whoever types this address is the operator, who may name what he likes, his own network among it: the policy of addresses is for what strangers
    /// name. What the definition in it names is fetched under that policy all the same.
    /// </summary>
    private async Task<DefinitionText> FromWebAsync(string address, CancellationToken cancel)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url)) throw Refused($"'{address}' is not a URL. Write it as https://HOST/PATH.");
        using var limit = new CancellationTokenSource(FetchTimeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (!response.IsSuccessStatusCode)
                throw Refused($"{address} answered status {(int)response.StatusCode} ({response.ReasonPhrase}). {Advice(response.StatusCode)}");
            string type = response.Content.Headers.ContentType?.MediaType ?? "";
            if (type == "text/html") throw Refused($"{address} is a web page (text/html), not a job definition. Use the address of the file itself.");
            await using Stream body = await response.Content.ReadAsStreamAsync(linked.Token);
            byte[] content = await ReadAsync(body, address, linked.Token);
            return new DefinitionText(address, content, IsYamlName(url.AbsolutePath) || type.EndsWith("yaml", StringComparison.Ordinal));
        }
        catch (OperationCanceledException e) when (!cancel.IsCancellationRequested)
        {
            throw Refused($"{address} did not arrive within {FetchTimeout.TotalSeconds:0} s. Check the address and the network.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Refused($"{address} cannot be fetched: {e.GetBaseException().Message}. Check the address and the network.", e);
        }
    }

    private async Task<DefinitionText> FromIpfsAsync(Cid cid, CancellationToken cancel)
    {
        try
        {
            var gateway = new IpfsGatewayClient(http, new IpfsGatewayOptions { Gateways = gateways() });
            return new DefinitionText(cid.ToString(), await gateway.FetchAsync(cid, DefinitionLimits.MaxBytes, cancel), IsYaml: false) { Cid = cid };
        }
        catch (IpfsException e)
        {
            throw Refused(e.Message, e);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, string name, CancellationToken cancel)
    {
        using var content = new MemoryStream();
        var buffer = new byte[BufferSize];
        for (int read; (read = await stream.ReadAsync(buffer, cancel)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > DefinitionLimits.MaxBytes)
                throw Refused($"{name} has more than {DefinitionLimits.MaxBytes} bytes, the most that a definition may have.");
        }
        return content.ToArray();
    }

    private static string Advice(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Gone => "There is no such file: check the address.",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "It is not given to everybody: fetch it yourself and name the file, or pipe it to -.",
        _ => "Check the address, or try again later.",
    };

    private static bool IsYamlName(string name) =>
        name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase);

    // Standard input has no name. JSON begins with a bracket; what begins with none is YAML, or an error that YAML's reader tells as well.
    private static bool LooksLikeJson(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith("\uFEFF"u8)) content = content[3..];
        content = content.TrimStart(" \t\r\n"u8);
        return content.IsEmpty || content[0] is (byte)'{' or (byte)'[';
    }

    private static CommandException Refused(string message, Exception? inner = null) => new(message, ExitCodes.Refused, inner);
}

/// <summary>A definition as it was found, not read yet.</summary>
/// <param name="Name">For messages.</param>
internal sealed record DefinitionText(string Name, byte[] Content, bool IsYaml)
{
    /// <summary>Where it is on IPFS, when it came from there.</summary>
    public Cid? Cid { get; init; }

    public LoadedDefinition Load(ValidationMode mode = ValidationMode.Union) =>
        DefinitionLoader.LoadFile(IsYaml ? "definition.yaml" : "definition.json", Content, mode);
}
