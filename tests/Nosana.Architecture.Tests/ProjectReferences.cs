using System.Xml.Linq;

namespace Nosana.Architecture.Tests;

/// <summary>References between projects, as the project files have them.</summary>
internal static class ProjectReferences
{
    public static IEnumerable<Reference> Of(string projectFile) =>
        Of(Path.GetFileNameWithoutExtension(projectFile), XDocument.Load(projectFile), Repository.Relative(projectFile));

    public static IEnumerable<Reference> Of(string project, XDocument content, string where) =>
        content.Descendants()
            .Where(element => element.Name.LocalName == "ProjectReference")
            .Select(element => element.Attribute("Include")?.Value ?? throw new InvalidDataException($"{where}: a ProjectReference without Include"))
            .Select(include => new Reference(project, Path.GetFileNameWithoutExtension(include.Replace('\\', '/')), where));
}
