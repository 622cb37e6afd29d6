using System.Text.Json.Nodes;
using Microsoft.SqlServer.Dac;
using Microsoft.SqlServer.Dac.Compare;
using Microsoft.SqlServer.Dac.Model;

namespace Xpdb.Oracle;

/// <summary>Compares the DDL of two scripts through Microsoft's schema compare.</summary>
internal static class Comparing
{
    public static JsonObject Compare(int version, string a, string b, string? collation)
    {
        var folder = Directory.CreateTempSubdirectory("xpdb-oracle-").FullName;
        try
        {
            var left = Package(version, a, Path.Combine(folder, "a.dacpac"), collation, out var seenA);
            var right = Package(version, b, Path.Combine(folder, "b.dacpac"), collation, out var seenB);
            var comparison = new SchemaComparison(new SchemaCompareDacpacEndpoint(left), new SchemaCompareDacpacEndpoint(right));
            var options = comparison.Options;
            options.IgnoreColumnOrder = false;
            options.IgnoreExtendedProperties = false;
            options.IgnorePermissions = false;
            options.IgnoreRoleMembership = false;
            options.IgnoreFileAndLogFilePath = true;
            options.IgnoreWhitespace = true;
            options.IgnoreKeywordCasing = true;
            options.IgnoreSemicolonBetweenStatements = true;
            options.IgnoreFillFactor = false;
            options.IgnoreIndexPadding = false;
            options.IgnoreFilegroupPlacement = false;
            options.IgnoreAnsiNulls = false;
            options.IgnoreQuotedIdentifiers = false;
            options.IgnoreLockHintsOnIndexes = false;
            options.IgnoreWithNocheckOnCheckConstraints = false;
            options.IgnoreWithNocheckOnForeignKeys = false;
            var result = comparison.Compare();
            var list = new JsonArray();
            foreach (var difference in result.Differences) Add(list, difference, "");
            var errors = new JsonArray();
            foreach (var error in result.GetErrors()) errors.Add(error.Message);
            return new JsonObject
            {
                ["differences"] = list,
                ["errors"] = errors,
                ["rejectedA"] = ListOf(seenA.Rejected),
                ["rejectedB"] = ListOf(seenB.Rejected),
                ["unseen"] = ListOf(seenA.Unseen.Union(seenB.Unseen).Order(StringComparer.Ordinal)),
            };
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private static JsonArray ListOf(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Package(int version, string script, string file, string? collation, out Modelling modelling)
    {
        using var model = Modelling.Build(version, File.ReadAllText(script), collation, out modelling);
        DacPackageExtensions.BuildPackage(file, model, new PackageMetadata { Name = "db", Version = "1.0" }, new PackageOptions { IgnoreValidationErrors = ["*"] });
        return file;
    }

    private static void Add(JsonArray list, SchemaDifference difference, string path)
    {
        var name = (difference.SourceObject ?? difference.TargetObject)?.Name.ToString() ?? "";
        list.Add(new JsonObject
        {
            ["action"] = difference.UpdateAction.ToString(),
            ["name"] = difference.Name,
            ["object"] = name == "" ? path : name,
            ["type"] = (difference.SourceObject ?? difference.TargetObject)?.ObjectType.Name ?? "",
        });
        foreach (var child in difference.Children) Add(list, child, name == "" ? path : name);
    }
}
