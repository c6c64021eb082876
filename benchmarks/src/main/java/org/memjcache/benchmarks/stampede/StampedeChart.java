// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.stampede;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;

/** A row of bars for each run, over time: calls of the database, and how long reads took. */
final class StampedeChart {

  private static final int WIDTH = 760;
  private static final int PANEL = 340;
  private static final int HEIGHT = 90;
  private static final int HEAD = 58;
  private static final int GAP = 16;

  private final List<Timeline> timelines;
  private final int clearAtMillis;
  private final StringBuilder body = new StringBuilder();

  StampedeChart(List<Timeline> timelines, int clearAtMillis) {
    this.timelines = timelines;
    this.clearAtMillis = clearAtMillis;
  }

  String text() {
    double mostQueries = most((timeline, slice) -> timeline.queriesIn(slice));
    double mostMillis = most(Timeline::p99MillisOf);
    int y = 0;
    for (Timeline timeline : timelines) {
      write(GAP, y + 22, "bold", timeline.title());
      panel(
          GAP,
          y,
          "database calls in %d ms (at most %%,.0f)".formatted(Timeline.SLICE_MILLIS),
          timeline,
          (each, slice) -> each.queriesIn(slice),
          mostQueries,
          "#c9772b");
      panel(
          GAP * 3 + PANEL,
          y,
          "milliseconds that 99%% of the reads stayed below (at most %,.0f)",
          timeline,
          Timeline::p99MillisOf,
          mostMillis,
          "#1b7f5c");
      y += HEAD + HEIGHT + GAP;
    }
    // Colours that are legible on a white and on a black page.
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" \
    font-size="12" role="img">
      <title>A tenant with 1,000 entries in use is cleared: calls of the database, and latency</title>
      <rect width="%1$d" height="%2$d" fill="#ffffff"/>
    %s</svg>
    """
        .formatted(WIDTH, y, body);
  }

  private double most(ToDoubleBiFunction<Timeline, Integer> value) {
    return timelines.stream().mapToDouble(each -> most(each, value)).max().orElse(1);
  }

  private static double most(Timeline timeline, ToDoubleBiFunction<Timeline, Integer> value) {
    double most = 1;
    for (int i = 0; i < timeline.slices(); i++) {
      most = Math.max(most, value.applyAsDouble(timeline, i));
    }
    return most;
  }

  private void panel(
      int x,
      int top,
      String title,
      Timeline timeline,
      ToDoubleBiFunction<Timeline, Integer> value,
      double most,
      String colour) {
    write(x, top + 44, "normal", String.format(Locale.ROOT, title, most(timeline, value)));
    int bottom = top + HEAD + HEIGHT;
    double width = (double) PANEL / timeline.slices();
    for (int i = 0; i < timeline.slices(); i++) {
      double height = HEIGHT * value.applyAsDouble(timeline, i) / most;
      body.append(
          String.format(
              Locale.ROOT,
              "  <rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
              x + i * width,
              bottom - height,
              width - 1,
              height,
              colour));
    }
    double clear = x + width * clearAtMillis / Timeline.SLICE_MILLIS;
    body.append(
        String.format(
            Locale.ROOT,
            "  <path d=\"M%.1f %d V%d M%d %d H%d\" stroke=\"#1f2933\" fill=\"none\"/>%n",
            clear,
            top + HEAD - 6,
            bottom,
            x,
            bottom,
            x + PANEL));
    write((int) clear + 3, top + HEAD + 4, "normal", "clear");
  }

  private void write(int x, int baseline, String weight, String content) {
    body.append(
        String.format(
            Locale.ROOT,
            "  <text x=\"%d\" y=\"%d\" font-weight=\"%s\" fill=\"#1f2933\">%s</text>%n",
            x,
            baseline,
            weight,
            content));
  }
}
