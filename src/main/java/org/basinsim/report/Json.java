package org.basinsim.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON text of maps, strings, booleans and numbers; what JSON has no number for becomes null. */
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /** An array of objects, one a line. */
  public static String array(List<? extends Map<String, ?>> objects) {
    return objects.stream().map(Json::object).collect(Collectors.joining(",\n  ", "[\n  ", "\n]"));
  }

  /** An object with a field a line; fields that are lists of objects have an object a line. */
  public static String document(Map<String, ?> fields) {
    return fields.entrySet().stream()
        .map(field -> field(field.getKey(), field.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n}"));
  }

  private static String field(String name, Object value) {
    if (!(value instanceof List<?> list)) {
      Map<String, Object> single = new HashMap<>();
      single.put(name, value);
      String braced = object(single);
      return braced.substring(1, braced.length() - 1);
    }
    List<Map<String, Object>> objects = new ArrayList<>();
    for (Object element : list) {
      Map<String, Object> object = new LinkedHashMap<>();
      ((Map<?, ?>) element).forEach((key, of) -> object.put(key.toString(), of));
      objects.add(object);
    }
    return "\"" + name + "\":" + (objects.isEmpty() ? "[]" : array(objects));
  }

  /** One object on one line. */
  public static String object(Map<String, ?> fields) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, ?> field : fields.entrySet()) {
        json.writeFieldName(field.getKey());
        writeValue(json, field.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void writeValue(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Double real when !Double.isFinite(real) -> json.writeNull();
      case Double real -> json.writeNumber(real);
      case Integer whole -> json.writeNumber(whole);
      case Long whole -> json.writeNumber(whole);
      case Boolean flag -> json.writeBoolean(flag);
      default -> json.writeString(value.toString());
    }
  }
}
