// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.Properties;
import javax.cache.CacheException;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.cli.command.BenchCommand;
import org.memjcache.cli.command.ClearCommand;
import org.memjcache.cli.command.Context;
import org.memjcache.cli.command.DoctorCommand;
import org.memjcache.cli.command.GetCommand;
import org.memjcache.cli.command.KeysCommand;
import org.memjcache.cli.command.ServersCommand;
import org.memjcache.cli.command.TenantsCommand;
import org.memjcache.cli.command.TopCommand;
import org.memjcache.cli.command.UsageCommand;
import org.memjcache.cli.command.VersionsCommand;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.output.Console;
import org.memjcache.cli.output.Format;
import org.memjcache.internal.client.command.RequestFailedException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command line: what its options say, its commands, and what errors look like. */
@Command(
    name = "memjcache",
    description =
        "Shows what the tenants of memcached servers hold, clears them, and finds faults.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Memjcache.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true,
    synopsisHeading = "%nUsage: ",
    descriptionHeading = "%n",
    parameterListHeading = "%nParameters:%n",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something failed, such as a server that is away; the error names it",
      "2:the command line, an option or the URI is wrong; nothing was done",
      "3:the answer is no: no such entry or level, not confirmed, or findings of doctor"
    })
public final class Memjcache implements Context {

  private final Console console;
  private final InstantSource clock;

  @Mixin private final ServerOptions servers = new ServerOptions();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "<format>",
      scope = ScopeType.INHERIT,
      order = 20,
      defaultValue = "table",
      description = "How results are printed: ${COMPLETION-CANDIDATES}. Default: table.")
  private Format format = Format.TABLE;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      order = 21,
      description = "Prints results and errors only: no notes, no progress.")
  void setQuiet(boolean quiet) {
    if (quiet) {
      console.beQuiet();
    }
  }

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      order = 22,
      description = "Prints the whole exception with an error.")
  private boolean stacktrace;

  private Memjcache(Console console, InstantSource clock) {
    this.console = console;
    this.clock = clock;
  }

  /**
   * Runs a command.
   *
   * @param clock the time of this machine
   * @return the exit code, one of {@link ExitCode}
   */
  public static int run(Console console, InstantSource clock, String... args) {
    Memjcache top = new Memjcache(console, clock);
    CommandLine line = commandLine(top);
    line.setOut(console.out());
    line.setErr(console.err());
    return line.execute(args);
  }

  private static CommandLine commandLine(Memjcache top) {
    CommandLine line = new CommandLine(top);
    line.addSubcommand(new TenantsCommand(top));
    line.addSubcommand(new UsageCommand(top));
    line.addSubcommand(new KeysCommand(top));
    line.addSubcommand(new GetCommand(top));
    line.addSubcommand(new ClearCommand(top));
    line.addSubcommand(new VersionsCommand(top));
    line.addSubcommand(new ServersCommand(top));
    line.addSubcommand(new TopCommand(top));
    line.addSubcommand(new DoctorCommand(top));
    line.addSubcommand(new BenchCommand(top));
    line.addSubcommand(new AutoComplete.GenerateCompletion());
    line.addSubcommand(new CommandLine.HelpCommand());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, command, parsed) -> top.failed(e));
    line.setParameterExceptionHandler(
        (e, args) -> {
          PrintWriter err = e.getCommandLine().getErr();
          top.console.error(String.valueOf(e.getMessage()));
          CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
          err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
          err.flush();
          return ExitCode.USAGE;
        });
    return line;
  }

  private int failed(Exception e) {
    boolean isUsage = e instanceof UsageException || e instanceof InvalidConfigurationException;
    boolean isExpected =
        isUsage || e instanceof RequestFailedException || e instanceof CacheException;
    console.error(isExpected ? "" + e.getMessage() : "" + e);
    if (stacktrace) {
      e.printStackTrace(console.err());
      console.err().flush();
    }
    return isUsage ? ExitCode.USAGE : ExitCode.FAILED;
  }

  @Override
  public Connection connect() {
    return Connection.open(servers.settings(), clock);
  }

  @Override
  public URI uri() {
    return servers.uri();
  }

  @Override
  public Properties properties() {
    return servers.properties();
  }

  @Override
  public Console console() {
    return console;
  }

  @Override
  public Format format() {
    return format;
  }

  /** Returns the version of the jar that this is in. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Memjcache.class.getPackage().getImplementationVersion();
      return new String[] {"memjcache " + (version == null ? "(not from a jar)" : version)};
    }
  }
}
