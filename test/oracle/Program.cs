// Microsoft's parsers and schema model as judges, behind JSON lines: a request a line on standard input, an answer a
// line on standard output. {"cmd":"parse","version":110,"path":"x.sql"} and {"cmd":"compare","version":160,"a":"x.sql","b":"y.sql"}.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xpdb.Oracle;

Console.InputEncoding = Encoding.UTF8;
Console.OutputEncoding = new UTF8Encoding(false);
while (Console.ReadLine() is { } line)
{
    JsonObject answer;
    try
    {
        var request = JsonNode.Parse(line)!.AsObject();
        answer = (string?)request["cmd"] switch
        {
            "parse" => Parsing.Parse((int)request["version"]!, File.ReadAllText((string)request["path"]!)),
            "compare" => Comparing.Compare((int)request["version"]!, (string)request["a"]!, (string)request["b"]!, (string?)request["collation"]),
            var other => new JsonObject { ["error"] = $"unknown command {other}" },
        };
    }
    catch (Exception exception)
    {
        answer = new JsonObject { ["error"] = exception.ToString() };
    }
    Console.WriteLine(answer.ToJsonString(new JsonSerializerOptions { WriteIndented = false }));
}
