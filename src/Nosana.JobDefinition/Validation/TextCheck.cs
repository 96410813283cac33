using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Validation.Rules;

namespace Nosana.JobDefinition.Validation;

/// <summary>What union mode asks of every value, wherever it stands: no half surrogate pairs, no bottomless nesting.</summary>
internal static class TextCheck
{
    public const string TooDeep = "less nesting";
    public const string WholeCharacters = "whole characters";

    public static bool Check(Validator validator)
    {
        JsonTape tape = validator.Tape;
        bool good = true;
        for (int i = 0; i < tape.Count; i++)
        {
            ref readonly TapeNode node = ref tape[i];
            if (node.Depth >= DefinitionLimits.MaxDepth)
            {
                good &= validator.Refuse(i, TooDeep, $"nested at most {DefinitionLimits.MaxDepth} deep");
                i = node.End - 1;
                continue;
            }
            if (node.IsEscaped && JsonText.HasLoneSurrogate(tape.Text(i)))
                good &= validator.Refuse(i, WholeCharacters, "a text of whole characters (no half surrogate pair)");
            if (node.KeyIsEscaped && JsonText.HasLoneSurrogate(tape.KeyText(i)))
                good &= validator.Refuse(i, WholeCharacters, "under a key of whole characters (no half surrogate pair)");
        }
        return good;
    }
}
