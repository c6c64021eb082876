// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.report;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.memjcache.benchmarks.contestant.ContestantKind;
import org.memjcache.benchmarks.plan.Cell;
import org.memjcache.benchmarks.plan.Finding;
import org.memjcache.benchmarks.plan.Group;
import org.memjcache.benchmarks.plan.Results;
import org.memjcache.benchmarks.worker.Measurement;

/** The tables, in Markdown. */
final class MarkdownReport {

  private final Report report;
  private final Results results;
  private final StringBuilder text = new StringBuilder();

  MarkdownReport(Report report) {
    this.report = report;
    this.results = report.results();
  }

  String text() {
    facts();
    targets();
    for (Group group : Group.values()) {
      List<Cell> cells =
          group.cells(report.extent()).stream().filter(results.cells()::contains).toList();
      if (!cells.isEmpty()) {
        table(group.title(), cells, Measurement::score, MarkdownReport::whole);
        if (group != Group.EVERYTHING) {
          table(
              group.title() + ": processor time of the client, microseconds for an operation",
              cells,
              Measurement::processorMicros,
              MarkdownReport::number);
        }
      }
    }
    findings(Group.COMPRESSION);
    findings(Group.TENANTS);
    findings(Group.STAMPEDE);
    return text.toString();
  }

  private void facts() {
    line("## The run");
    line("");
    for (String fact : report.facts()) {
      line("- " + fact);
    }
    line("- extent: %s, %d rounds".formatted(lower(report.extent()), report.rounds()));
    line(
        "- other programs, just before each row: %s of the processors' time on average, %s at most"
            .formatted(percent(busy().average().orElse(0)), percent(busy().max().orElse(0))));
    line("");
  }

  private DoubleStream busy() {
    return results.cells().stream().mapToDouble(results::busy);
  }

  private void targets() {
    line("## Targets");
    line("");
    line("Medians of all rounds; of ratios, each within one round.");
    line("");
    line("| what | target | measured | |");
    line("| --- | ---: | ---: | --- |");
    for (Target target : Target.all()) {
      OptionalDouble measured = target.measured(results);
      if (measured.isPresent()) {
        double ratio = measured.getAsDouble();
        line(
            "| %s | %s %s | %s | %s |"
                .formatted(
                    target.title(),
                    target.atMost() ? "≤" : "≥",
                    number(target.bound()),
                    number(ratio),
                    target.isMetBy(ratio) ? "met" : "**missed**"));
      }
    }
    for (Finding finding : results.findings()) {
      if (finding.bound() != null) {
        line(
            "| %s | %s %s | %s | %s |"
                .formatted(
                    finding.title(),
                    finding.bound().atMost() ? "≤" : "≥",
                    withUnit(finding.bound().value(), finding),
                    withUnit(finding.median(), finding),
                    finding.bound().isMetBy(finding.median()) ? "met" : "**missed**"));
      }
    }
    line("");
  }

  private void findings(Group group) {
    List<Finding> ofGroup =
        results.findings().stream().filter(finding -> finding.group() == group).toList();
    if (ofGroup.isEmpty()) {
      return;
    }
    line("## " + group.title());
    line("");
    line("| what | measured |");
    line("| --- | ---: |");
    for (Finding finding : ofGroup) {
      line("| %s | %s |".formatted(finding.title(), withUnit(finding.median(), finding)));
    }
    line("");
  }

  private static String withUnit(double figure, Finding finding) {
    return switch (finding.unit()) {
      case "" -> number(figure);
      case "/s" -> whole(figure) + "/s";
      case "bytes" -> whole(figure) + " bytes";
      default -> number(figure) + " " + finding.unit();
    };
  }

  private void table(
      String heading,
      List<Cell> cells,
      ToDoubleFunction<Measurement> value,
      DoubleFunction<String> format) {
    Set<ContestantKind> kinds = EnumSet.noneOf(ContestantKind.class);
    for (Cell cell : cells) {
      for (ContestantKind kind : ContestantKind.values()) {
        if (!results.rounds(cell, kind).isEmpty()) {
          kinds.add(kind);
        }
      }
    }
    line("## " + heading);
    line("");
    StringBuilder head = new StringBuilder("| operation |");
    StringBuilder rule = new StringBuilder("| --- |");
    for (ContestantKind kind : kinds) {
      head.append(' ').append(kind.title()).append(" |");
      rule.append(" ---: |");
    }
    line(head.toString());
    line(rule.toString());
    for (Cell cell : cells) {
      StringBuilder row = new StringBuilder("| ").append(title(cell));
      if (results.busy(cell) >= Results.BUSY) {
        row.append(" (").append(percent(results.busy(cell))).append(" busy with others)");
      }
      row.append(" |");
      for (ContestantKind kind : kinds) {
        OptionalDouble score = results.median(cell, kind, value);
        row.append(' ')
            .append(score.isPresent() ? format.apply(score.getAsDouble()) : "–")
            .append(" |");
      }
      line(row.toString());
    }
    line("");
  }

  /** Returns what a row is called. */
  static String title(Cell cell) {
    StringBuilder title = new StringBuilder(cell.operation().title());
    switch (cell.operation()) {
      case CLEAR, REMOVE_ALL, ITERATE ->
          title.append(", ").append(whole(cell.entries())).append(" entries");
      default -> {
        title
            .append(", ")
            .append(cell.threads())
            .append(cell.threads() == 1 ? " thread" : " threads");
        if (cell.valueSize() != Cell.SMALL_VALUE) {
          title.append(", ").append(whole(cell.valueSize())).append(" bytes");
        }
      }
    }
    return title.toString();
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,d", Math.round(number));
  }

  private static String percent(double share) {
    return Math.round(share * 100) + " %";
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, number >= 10 ? "%.1f" : "%.2f", number);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
