// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Finding;
import org.memjcache.benchmarks.worker.Measurement;

/** Every single measurement, in JSON. */
final class JsonReport {

  private final Report report;

  JsonReport(Report report) {
    this.report = report;
  }

  String text() {
    List<String> series = new ArrayList<>();
    for (Cell cell : report.results().cells()) {
      for (ContestantKind kind : ContestantKind.values()) {
        List<Measurement> rounds = report.results().rounds(cell, kind);
        if (!rounds.isEmpty()) {
          series.add(series(cell, kind, rounds));
        }
      }
    }
    return """
    {
      "facts": [
        %s
      ],
      "series": [
        %s
      ],
      "findings": [
        %s
      ]
    }
    """
        .formatted(
            report.facts().stream().map(JsonReport::quoted).collect(Collectors.joining(",\n    ")),
            String.join(",\n    ", series),
            report.results().findings().stream()
                .map(JsonReport::finding)
                .collect(Collectors.joining(",\n    ")));
  }

  private static String finding(Finding finding) {
    return String.format(
        Locale.ROOT,
        "{\"title\": %s, \"unit\": %s, \"values\": [%s], \"target\": %s}",
        quoted(finding.title()),
        quoted(finding.unit()),
        finding.rounds().stream()
            .map(each -> String.format(Locale.ROOT, "%.3f", each))
            .collect(Collectors.joining(", ")),
        finding.bound() == null
            ? "null"
            : quoted((finding.bound().atMost() ? "<= " : ">= ") + finding.bound().value()));
  }

  private String series(Cell cell, ContestantKind kind, List<Measurement> rounds) {
    return String.format(
        Locale.ROOT,
        "{\"operation\": %s, \"threads\": %d, \"valueSize\": %d, \"entries\": %d, "
            + "\"othersBusy\": %s, \"contestant\": %s, \"scores\": [%s], \"allocated\": [%s], "
            + "\"processorMicros\": [%s]}",
        quoted(cell.operation().name()),
        cell.threads(),
        cell.valueSize(),
        cell.entries(),
        number(report.results().busy(cell)),
        quoted(kind.name()),
        numbers(rounds, Measurement::score),
        numbers(rounds, Measurement::allocated),
        numbers(rounds, Measurement::processorMicros));
  }

  private static String numbers(List<Measurement> rounds, ToDoubleFunction<Measurement> value) {
    return rounds.stream()
        .map(each -> number(value.applyAsDouble(each)))
        .collect(Collectors.joining(", "));
  }

  private static String number(double number) {
    return Double.isNaN(number) ? "null" : String.format(Locale.ROOT, "%.2f", number);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
