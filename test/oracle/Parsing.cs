using System.Text.Json.Nodes;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Xpdb.Oracle;

/// <summary>Parses a script with the parser of a version.</summary>
internal static class Parsing
{
    public static TSqlParser ParserOf(int version) => version switch
    {
        100 or 105 => new TSql100Parser(true),
        110 => new TSql110Parser(true),
        120 => new TSql120Parser(true),
        130 => new TSql130Parser(true),
        140 => new TSql140Parser(true),
        150 => new TSql150Parser(true),
        160 => new TSql160Parser(true),
        170 => new TSql170Parser(true),
        _ => throw new ArgumentException($"no parser of version {version}"),
    };

    public static JsonObject Parse(int version, string text)
    {
        using var reader = new StringReader(text);
        var fragment = ParserOf(version).Parse(reader, out var errors);
        var list = new JsonArray();
        foreach (var e in errors)
        {
            list.Add(new JsonObject { ["line"] = e.Line, ["column"] = e.Column, ["number"] = e.Number, ["message"] = e.Message });
        }
        var kinds = new JsonObject();
        var batches = (fragment as TSqlScript)?.Batches;
        if (batches != null)
        {
            foreach (var group in batches.SelectMany(b => b.Statements).GroupBy(s => s.GetType().Name))
            {
                kinds[group.Key] = group.Count();
            }
        }
        return new JsonObject { ["errors"] = list, ["batches"] = batches?.Count ?? 0, ["statements"] = kinds };
    }
}
