// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.contestant.Operation;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.worker.Measurement;

/** Bars for get and put, by 1 and 16 threads, in SVG. */
final class Chart {

  private static final int WIDTH = 760;
  private static final int LABEL = 200;
  private static final int NUMBER = 80;
  private static final int BAR = 18;
  private static final int GAP = 4;
  private static final int HEAD = 34;

  private static final List<Cell> PANELS =
      List.of(
          Cell.of(Operation.GET, 16),
          Cell.of(Operation.PUT, 16),
          Cell.of(Operation.GET, 1),
          Cell.of(Operation.PUT, 1));

  private final Results results;
  private final StringBuilder body = new StringBuilder();
  private int y;

  Chart(Results results) {
    this.results = results;
  }

  String text() {
    for (Cell cell : PANELS) {
      if (results.cells().contains(cell)) {
        panel(cell);
      }
    }
    // Colours that are legible on a white and on a black page.
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" \
    font-size="13" role="img">
      <title>Operations per second, more is better</title>
      <rect width="%1$d" height="%2$d" fill="#ffffff"/>
    %s</svg>
    """
        .formatted(WIDTH, y + GAP * 2, body);
  }

  private void panel(Cell cell) {
    y += HEAD;
    text(
        GAP * 2,
        y - GAP * 2,
        "bold",
        "start",
        MarkdownReport.title(cell) + ": operations per second");
    double most = 1;
    List<ContestantKind> kinds = new ArrayList<>();
    for (ContestantKind kind : ContestantKind.values()) {
      OptionalDouble score = results.median(cell, kind, Measurement::score);
      if (score.isPresent()) {
        kinds.add(kind);
        most = Math.max(most, score.getAsDouble());
      }
    }
    for (ContestantKind kind : kinds) {
      double score = results.median(cell, kind, Measurement::score).orElse(0);
      int length = (int) Math.round((WIDTH - LABEL - NUMBER) * score / most);
      text(LABEL - GAP, y + BAR - GAP - 1, "normal", "end", kind.title());
      body.append(
          String.format(
              Locale.ROOT,
              "  <rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>%n",
              LABEL,
              y,
              length,
              BAR,
              colour(kind)));
      text(
          LABEL + length + GAP,
          y + BAR - GAP - 1,
          "normal",
          "start",
          String.format(Locale.ROOT, "%,d", Math.round(score)));
      y += BAR + GAP;
    }
  }

  private static String colour(ContestantKind kind) {
    return kind.isOurs() ? "#1b7f5c" : kind.isInMemcached() ? "#8a99a8" : "#c9772b";
  }

  private void text(int x, int baseline, String weight, String anchor, String content) {
    body.append(
        String.format(
            Locale.ROOT,
            "  <text x=\"%d\" y=\"%d\" font-weight=\"%s\" text-anchor=\"%s\""
                + " fill=\"#1f2933\">%s</text>%n",
            x,
            baseline,
            weight,
            anchor,
            content));
  }
}
