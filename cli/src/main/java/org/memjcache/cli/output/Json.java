// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Cells as JSON (RFC 8259), in ASCII. Stateless. */
final class Json {

  private Json() {}

  static String of(@Nullable Object cell) {
    if (cell == null) {
      return "null";
    }
    if (cell instanceof Double number) {
      return String.format(Locale.ROOT, "%.6f", number);
    }
    if (cell instanceof Number || cell instanceof Boolean) {
      return cell.toString();
    }
    if (cell instanceof List<?> list) {
      return list.stream().map(Json::of).collect(Collectors.joining(", ", "[", "]"));
    }
    return text(cell.toString());
  }

  static String text(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
