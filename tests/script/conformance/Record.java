// Has JavaRosa, the engine of ODK Collect, answer the expressions once; the answers are kept as data beside this file.
// It is inside the jar that pyxform brings along (validators/odk_validate/bin/ODK_Validate.jar):
//   python -m tests.script.conformance.expressions | java -cp ODK_Validate.jar Record.java > javarosa.json
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.TimeZone;
import org.javarosa.core.model.condition.EvaluationContext;
import org.javarosa.core.model.data.DateData;
import org.javarosa.core.model.data.DecimalData;
import org.javarosa.core.model.data.IAnswerData;
import org.javarosa.core.model.data.IntegerData;
import org.javarosa.core.model.data.StringData;
import org.javarosa.core.model.instance.FormInstance;
import org.javarosa.core.model.instance.TreeElement;
import org.javarosa.core.model.instance.TreeReference;
import org.javarosa.core.model.utils.DateUtils;
import org.javarosa.xpath.XPathParseTool;
import org.javarosa.xpath.expr.XPathFuncExpr;

public class Record {
    public static void main(String[] none) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("UTC"));
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        System.setOut(new PrintStream(OutputStream.nullOutputStream())); // the engine speaks there of what it cannot read
        ObjectMapper json = new ObjectMapper();
        JsonNode asked = json.readTree(System.in);
        TreeElement root = new TreeElement("data", 0);
        asked.get("values").fields().forEachRemaining(one -> add(root, one.getKey(), one.getValue().asText()));
        add(root, "here_", asked.get("here").asText());
        FormInstance form = new FormInstance(root);
        TreeReference here = TreeReference.rootRef().extendRef("data", 0).extendRef("here_", 0);
        EvaluationContext context = new EvaluationContext(new EvaluationContext(form), here);
        List<String> lines = new ArrayList<>();
        for (JsonNode one : asked.get("expressions")) {
            lines.add(json.writeValueAsString(answer(form, context, one.asText())));
        }
        out.print("{\"engine\": \"JavaRosa of ODK Validate 1.20.0\", \"answers\": [\n" + String.join(",\n", lines) + "\n]}\n");
    }

    // As the form would: numbers and dates are of their types.
    static void add(TreeElement root, String name, String text) {
        IAnswerData data = text.matches("-?[0-9]+") ? new IntegerData(Integer.parseInt(text))
            : text.matches("-?[0-9]+\\.[0-9]+") ? new DecimalData(Double.parseDouble(text))
            : text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}") ? new DateData(DateUtils.parseDate(text)) : new StringData(text);
        TreeElement element = new TreeElement(name, 0);
        if (!text.isEmpty()) element.setValue(data);
        root.addChild(element);
    }

    static Object[] answer(FormInstance form, EvaluationContext context, String expression) {
        String path = expression.replaceAll("\\$\\{(\\w+)\\}", " /data/$1 "); // as pyxform writes a reference
        try {
            Object value = XPathFuncExpr.unpack(XPathParseTool.parseXPath(path).eval(form, context));
            if (value instanceof Boolean) return new Object[] {expression, "boolean", value};
            if (value instanceof Double && Double.isFinite((Double) value)) return new Object[] {expression, "number", value};
            if (value instanceof Double) return new Object[] {expression, "number", value.toString()};
            return new Object[] {expression, "string", XPathFuncExpr.toString(value)};
        } catch (Exception fault) {
            return new Object[] {expression, "error", ""};
        }
    }
}
