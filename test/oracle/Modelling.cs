using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Xpdb.Oracle;

/// <summary>Builds Microsoft's schema model from a script, statement by statement, since it refuses whole scripts.</summary>
internal sealed class Modelling
{
    private sealed record Element(string Key, List<string> Statements, TSqlObjectOptions Options);

    private readonly List<Element> elements = [];
    private readonly Dictionary<string, Element> byKey = new(StringComparer.OrdinalIgnoreCase);
    public List<string> Rejected { get; } = [];

    /// <summary>Kinds of statements that the model does not take: what they do is not compared.</summary>
    public SortedSet<string> Unseen { get; } = new(StringComparer.Ordinal);

    public static TSqlModel Build(int version, string text, string? collation, out Modelling modelling)
    {
        using var reader = new StringReader(text);
        var script = (TSqlScript)Parsing.ParserOf(version).Parse(reader, out var errors);
        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"line {errors[0].Line}: {errors[0].Message}");
        }
        modelling = new Modelling();
        modelling.Collect(script, text);
        return modelling.Make(version, collation);
    }

    private void Collect(TSqlScript script, string text)
    {
        var ansiNulls = true;
        var quotedIdentifier = true;
        foreach (var batch in script.Batches)
        {
            var variables = new Dictionary<string, string>();
            foreach (var statement in batch.Statements)
            {
                var sql = text.Substring(statement.StartOffset, statement.FragmentLength);
                var options = new TSqlObjectOptions { AnsiNulls = ansiNulls, QuotedIdentifier = quotedIdentifier };
                switch (statement)
                {
                    case PredicateSetStatement set:
                        if (set.Options.HasFlag(SetOptions.AnsiNulls)) ansiNulls = set.IsOn;
                        if (set.Options.HasFlag(SetOptions.QuotedIdentifier)) quotedIdentifier = set.IsOn;
                        break;
                    case CreateDatabaseStatement create:
                        foreach (var group in create.FileGroups.Where(g => g.Name != null && g.Name.Value != "PRIMARY"))
                        {
                            var contains = group.ContainsFileStream ? " CONTAINS FILESTREAM" : group.ContainsMemoryOptimizedData ? " CONTAINS MEMORY_OPTIMIZED_DATA" : "";
                            Add(null, $"ALTER DATABASE [$(DatabaseName)] ADD FILEGROUP [{group.Name.Value.Replace("]", "]]")}]{contains}", options);
                        }
                        break;
                    case AlterDatabaseAddFileGroupStatement add:
                        var kind = add.ContainsFileStream ? " CONTAINS FILESTREAM" : "";
                        Add(null, $"ALTER DATABASE [$(DatabaseName)] ADD FILEGROUP [{add.FileGroup.Value.Replace("]", "]]")}]{kind}", options);
                        break;
                    case CreateTableStatement table:
                        Add(NameOf(table.SchemaObjectName), sql, options);
                        break;
                    // What only modifies is taken only in the same call as its element.
                    case AlterTableConstraintModificationStatement or AlterTableAddTableElementStatement or AlterTableSetStatement:
                        Join(NameOf(((AlterTableStatement)statement).SchemaObjectName), sql, options);
                        break;
                    case CreateIndexStatement or AlterIndexStatement:
                        Join(NameOf(((IndexStatement)statement).OnName), sql, options);
                        break;
                    case CreateTriggerStatement trigger when trigger.TriggerObject.Name != null:
                        Join(NameOf(trigger.TriggerObject.Name), sql, options, own: true);
                        break;
                    case EnableDisableTriggerStatement state when state.TriggerObject.Name != null:
                        Join(NameOf(state.TriggerObject.Name), sql, options);
                        break;
                    case CreateViewStatement or CreateProcedureStatement or CreateFunctionStatement or CreateSchemaStatement or CreateTypeStatement
                        or CreateSynonymStatement or CreateSequenceStatement or CreateUserStatement or CreateRoleStatement or GrantStatement or DenyStatement
                        or AlterAuthorizationStatement or CreateRuleStatement or CreateDefaultStatement or CreatePartitionFunctionStatement
                        or CreatePartitionSchemeStatement or CreateXmlSchemaCollectionStatement or AlterRoleStatement { Action: AddMemberAlterRoleAction }:
                        Add(statement is CreateViewStatement view ? NameOf(view.SchemaObjectName) : null, sql, options);
                        break;
                    // The model takes constants only: what a variable was declared as stands for it.
                    case DeclareVariableStatement declare:
                        foreach (var d in declare.Declarations.Where(d => d.Value != null)) variables[d.VariableName.Value] = ConstantOf(d.Value, text);
                        break;
                    case ExecuteStatement execute when AliasTypeOf(execute) is { } createType:
                        Add(null, createType, options);
                        break;
                    case ExecuteStatement when sql.Contains("sp_addextendedproperty", StringComparison.OrdinalIgnoreCase):
                        foreach (var (name, value) in variables) sql = sql.Replace($"= {name}", $"= {value}");
                        Add(null, sql, options);
                        break;
                    default:
                        Unseen.Add(statement.GetType().Name);
                        break;
                }
            }
        }
    }

    /// CREATE TYPE for `EXEC sp_addtype name, 'type', 'NOT NULL'`, which the model does not know.
    private static string? AliasTypeOf(ExecuteStatement statement)
    {
        if (statement.ExecuteSpecification.ExecutableEntity is not ExecutableProcedureReference call) return null;
        var procedure = call.ProcedureReference.ProcedureReference?.Name.BaseIdentifier.Value;
        if (!"sp_addtype".Equals(procedure, StringComparison.OrdinalIgnoreCase)) return null;
        var values = call.Parameters.Select(p => (p.ParameterValue as Literal)?.Value ?? "").ToList();
        return $"CREATE TYPE [dbo].[{values[0].Replace("]", "]]")}] FROM {values[1]} {(values.Count > 2 ? values[2] : "NULL")}";
    }

    private static string ConstantOf(ScalarExpression expression, string text)
    {
        var inner = expression is CastCall cast ? cast.Parameter : expression;
        return text.Substring(inner.StartOffset, inner.FragmentLength);
    }

    private static string NameOf(SchemaObjectName name) => $"{name.SchemaIdentifier?.Value ?? "dbo"}.{name.BaseIdentifier.Value}";

    private void Add(string? key, string sql, TSqlObjectOptions options)
    {
        var element = new Element(key ?? $"#{elements.Count}", [sql], options);
        elements.Add(element);
        if (key != null) byKey[key] = element;
    }

    private void Join(string key, string sql, TSqlObjectOptions options, bool own = false)
    {
        if (!own && byKey.TryGetValue(key, out var element)) element.Statements.Add(sql);
        else if (own)
        {
            // A trigger has settings of its own, so it is an element; what disables it must follow in the same call.
            var made = new Element($"#{elements.Count}", [sql], options);
            elements.Add(made);
            byKey[key + "#trigger"] = made;
        }
        else Add(null, sql, options);
        if (sql.Contains("TRIGGER", StringComparison.OrdinalIgnoreCase) && !own && byKey.TryGetValue(key + "#trigger", out var trigger) && byKey.TryGetValue(key, out var table))
        {
            table.Statements.Remove(sql);
            trigger.Statements.Add(sql);
        }
    }

    /// After one rejected statement a model rejects every later one: it is built anew without what was refused.
    private TSqlModel Make(int version, string? collation)
    {
        var refused = new HashSet<Element>();
        for (; ; )
        {
            var model = new TSqlModel(VersionOf(version), new TSqlModelOptions { Collation = collation ?? "SQL_Latin1_General_CP1_CI_AS" });
            var again = false;
            foreach (var element in elements)
            {
                if (refused.Contains(element)) continue;
                try
                {
                    model.AddOrUpdateObjects(string.Join("\nGO\n", element.Statements), element.Key, element.Options);
                }
                catch (DacModelException exception)
                {
                    refused.Add(element);
                    Rejected.Add($"{element.Statements[0].Split('\n')[0]}: {exception.Message}");
                    again = true;
                    break;
                }
            }
            if (!again) return model;
        }
    }

    private static SqlServerVersion VersionOf(int version) => version switch
    {
        100 or 105 => SqlServerVersion.Sql100,
        110 => SqlServerVersion.Sql110,
        120 => SqlServerVersion.Sql120,
        130 => SqlServerVersion.Sql130,
        140 => SqlServerVersion.Sql140,
        150 => SqlServerVersion.Sql150,
        160 => SqlServerVersion.Sql160,
        _ => SqlServerVersion.Sql170,
    };
}
