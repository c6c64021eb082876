// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.doctor.Examination;
import org.memjcache.cli.doctor.Finding;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Format;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.text.ErrorText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for what may be wrong. */
@Command(
    name = "doctor",
    description = {
      "Looks for what may be wrong with the servers, and with the options they are used with; says of"
          + " each finding what to do. Changes nothing. Exit code 3 if there is any.",
      "",
      "away               no answer, with the reason",
      "several-addresses  the name of one server leads to several",
      "unknown-name       a name that can't be looked up",
      "clock              a server's clock differs from that of this machine by two seconds or more",
      "no-iteration       keys can't be listed (-X, -o no_lru_crawler, protocol=binary)",
      "no-cas             no cas tokens (-C)",
      "evictions          items were evicted although they were used a short while before (--young)",
      "connections        nearly all connections (-c) are open, or some were refused",
      "slow               a round trip takes more than half of the option timeout",
      "disagreement       servers of different versions, memory or item size limit",
      "same-server        two names in the list lead to one server",
      "servers-of-others  other processes use a server that isn't in the list",
      "not-a-version      with a path: something else is in the place of a version",
      "version-ahead      with a path: a version was made by a clock that is ahead"
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211,cache2:11211 doctor",
      "  memjcache doctor hotels/Lisboa/info"
    })
public final class DoctorCommand extends ServerCommand {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "<path>",
      description = "A level whose versions are looked at, too; without it, that of the URI.")
  private @Nullable String path;

  @Option(
      names = "--young",
      paramLabel = "<minutes>",
      defaultValue = "60",
      description =
          "An item that was used within so many minutes should not be evicted. Default: 60.")
  private int young = 60;

  /** Creates the command. */
  public DoctorCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    Examination examination = new Examination(connection, Duration.ofMinutes(young));
    List<Finding> findings = examination.run(connection.path(path));
    if (context().format() == Format.TABLE) {
      findings.forEach(this::show);
    } else {
      Table table =
          new Table(
              Column.text("finding", "FINDING"),
              Column.text("subject", "SUBJECT"),
              Column.text("what", "WHAT"),
              Column.text("remedy", "WHAT TO DO"));
      findings.forEach(each -> table.add(each.name(), each.subject(), each.what(), each.remedy()));
      print(table);
    }
    int servers = examination.servers();
    console()
        .note(
            (findings.isEmpty() ? "Nothing found" : findings.size() + " found")
                + " on "
                + servers
                + (servers == 1 ? " server" : " servers"));
    return findings.isEmpty() ? ExitCode.DONE : ExitCode.NO;
  }

  private void show(Finding finding) {
    console()
        .out()
        .println(
            ErrorText.escape(finding.name() + ": " + finding.subject() + ": " + finding.what()));
    console().out().println(ErrorText.escape("  -> " + finding.remedy() + "."));
  }
}
