namespace Nosana.Node.Ssh.Server;

/// <summary>Versions of Debian's packages in their order (deb-version(7)).</summary>
internal static class DebianVersion
{
    public static int Compare(string left, string right)
    {
        (long leftEpoch, string leftUpstream, string leftRevision) = Parts(left);
        (long rightEpoch, string rightUpstream, string rightRevision) = Parts(right);
        if (leftEpoch != rightEpoch) return leftEpoch.CompareTo(rightEpoch);
        int upstream = ComparePart(leftUpstream, rightUpstream);
        return upstream != 0 ? upstream : ComparePart(leftRevision, rightRevision);
    }

    private static (long Epoch, string Upstream, string Revision) Parts(string version)
    {
        int colon = version.IndexOf(':', StringComparison.Ordinal), dash = version.LastIndexOf('-');
        long epoch = colon > 0 && long.TryParse(version[..colon], out long number) ? number : 0;
        int end = dash > colon ? dash : version.Length;
        return (epoch, version[(colon + 1)..end], end < version.Length ? version[(end + 1)..] : "");
    }

    /// <summary>
    /// What are no digits and what are, by turns: the first by character, of which a tilde is before everything, even the end; the second as numbers.
    /// </summary>
    private static int ComparePart(string left, string right)
    {
        int i = 0, j = 0;
        while (i < left.Length || j < right.Length)
        {
            while ((i < left.Length && !char.IsAsciiDigit(left[i])) || (j < right.Length && !char.IsAsciiDigit(right[j])))
            {
                int order = OrderAt(left, i).CompareTo(OrderAt(right, j));
                if (order != 0) return order;
                i++;
                j++;
            }
            int number = NumberAt(left, ref i).CompareTo(NumberAt(right, ref j));
            if (number != 0) return number;
        }
        return 0;
    }

    private static int OrderAt(string text, int at)
    {
        if (at >= text.Length || char.IsAsciiDigit(text[at])) return 0;
        if (text[at] == '~') return -1;
        return char.IsAsciiLetter(text[at]) ? text[at] : text[at] + 256;
    }

    private static System.Numerics.BigInteger NumberAt(string text, ref int at)
    {
        int from = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return from == at ? 0 : System.Numerics.BigInteger.Parse(text[from..at], System.Globalization.CultureInfo.InvariantCulture);
    }
}
