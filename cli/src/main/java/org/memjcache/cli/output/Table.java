// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.output;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.ErrorText;

/**
 * Rows of cells, printed for people or for programs. What other processes have stored can't move
 * the cursor of a terminal. Not thread-safe.
 */
public final class Table {

  private static final String NOTHING = "-";

  private final List<Column> columns;
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  /** Creates an empty table. */
  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column: a text, a list of texts, a number, or null
   */
  public void add(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for " + columns.size() + " columns");
    }
    rows.add(cells);
  }

  /** Returns how many rows there are. */
  public int size() {
    return rows.size();
  }

  /** Prints everything. */
  public void print(Format format, PrintWriter out) {
    switch (format) {
      case TABLE -> printAligned(out);
      case JSON -> printJson(out);
      case CSV -> printCsv(out);
    }
    out.flush();
  }

  private void printAligned(PrintWriter out) {
    List<String[]> lines = new ArrayList<>();
    lines.add(columns.stream().map(Column::title).toArray(String[]::new));
    for (@Nullable Object[] row : rows) {
      String[] line = new String[row.length];
      Arrays.setAll(line, i -> shown(columns.get(i), row[i]));
      lines.add(line);
    }
    int[] widths = new int[columns.size()];
    for (String[] line : lines) {
      Arrays.setAll(widths, i -> Math.max(widths[i], line[i].length()));
    }
    for (String[] line : lines) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - line[i].length());
        text.append(i == 0 ? "" : "  ")
            .append(columns.get(i).isNumber() ? padding + line[i] : line[i] + padding);
      }
      out.println(text.toString().stripTrailing());
    }
  }

  private static String shown(Column column, @Nullable Object cell) {
    if (cell instanceof Number number) {
      return switch (column.kind()) {
        case TEXT -> number.toString();
        case COUNT -> Units.count(number.longValue());
        case BYTES -> Units.bytes(number.doubleValue());
        case SHARE -> Units.share(number.doubleValue());
        case SECONDS -> Units.seconds(number.longValue());
        case RATE -> Units.rate(number.doubleValue());
      };
    }
    String text = cell == null ? "" : ErrorText.escape(plain(cell, ", "));
    return text.isEmpty() ? NOTHING : text;
  }

  private static String plain(Object cell, String delimiter) {
    if (cell instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(delimiter));
    }
    return cell instanceof Double number
        ? String.format(Locale.ROOT, "%.6f", number)
        : cell.toString();
  }

  private void printCsv(PrintWriter out) {
    out.print(columns.stream().map(Column::key).collect(Collectors.joining(",")) + "\r\n");
    for (@Nullable Object[] row : rows) {
      out.print(
          Arrays.stream(row)
                  .map(cell -> cell == null ? "" : quoted(plain(cell, " ")))
                  .collect(Collectors.joining(","))
              + "\r\n");
    }
  }

  private static String quoted(String text) {
    return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private void printJson(PrintWriter out) {
    out.print("[");
    String before = "\n";
    for (@Nullable Object[] row : rows) {
      List<String> fields = new ArrayList<>();
      for (int i = 0; i < row.length; i++) {
        fields.add(Json.text(columns.get(i).key()) + ": " + Json.of(row[i]));
      }
      out.print(before + "  {" + String.join(", ", fields) + "}");
      before = ",\n";
    }
    out.println(rows.isEmpty() ? "]" : "\n]");
  }
}
