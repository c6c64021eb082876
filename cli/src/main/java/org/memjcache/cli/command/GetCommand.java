// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.connection.Undecoded;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Format;
import org.memjcache.cli.output.Table;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.envelope.OpenedEnvelope;
import org.memjcache.internal.codec.envelope.UnreadableEnvelope;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.text.ErrorText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the value of one entry. */
@Command(
    name = "get",
    description = {
      "Shows the value of an entry, as a cache would read it now.",
      "",
      "Values of types that MemJCache has an encoding for (texts, numbers, dates, byte arrays in"
          + " hexadecimal, ...) are printed as text. All others are shown by class and size: nothing"
          + " is deserialized. Entries that are signed need the secret, in MEMJCACHE_SECRET.",
      "",
      "No such entry: exit code 3, and standard error says why."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211 get hotels/Lisboa/info /info",
      "  memjcache get hotels/Lisboa/rooms --encoded I42           the Integer 42, as 'keys' has it",
      "  memjcache -f json get hotels/Lisboa/info /info            with type, size and deadline"
    })
public final class GetCommand extends ServerCommand {

  @Parameters(
      index = "0",
      paramLabel = "<path>",
      description = "The cache: application/tenant/cache.")
  private String path = "";

  @Parameters(
      index = "1",
      paramLabel = "<key>",
      description = "The key of the entry, a String unless --encoded is given.")
  private String key = "";

  @Option(
      names = {"-e", "--encoded"},
      description = "The key is as the column ENCODED of 'keys' has it.")
  private boolean encoded;

  /** Creates the command. */
  public GetCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    PathKey cache = requirePath(connection, path);
    EntryKey entry = encoded ? new EntryKey(key) : connection.keys().encode(key);
    int server = connection.namespace(cache).shardOf(entry).server();
    Map<PathKey, Long> versions = connection.versions(server, Connection.levelsOf(cache));
    List<KeyPrefix> prefixes = Connection.prefixes(cache, versions);
    if (prefixes.isEmpty()) {
      PathKey missing =
          cache.asCache(false).toEachLevel().stream()
              .filter(level -> versions.getOrDefault(level, 0L) == 0)
              .findFirst()
              .orElse(cache);
      return isMissing(
          connection,
          server,
          versions.containsKey(missing)
              ? "what is in place of the version of the level '" + missing + "' is not a version"
              : "the level '" + missing + "' has no version there");
    }
    ItemKey itemKey = prefixes.get(0).itemKey(entry);
    Item item = connection.get(server, itemKey.text());
    if (item == null && prefixes.size() > 1) {
      itemKey = prefixes.get(1).itemKey(entry);
      item = connection.get(server, itemKey.text());
    }
    if (item == null) {
      return isMissing(connection, server, "memcached has no item " + itemKey.text());
    }
    OpenedEnvelope opened = connection.envelopes().open(itemKey, item.flags(), item.data());
    if (opened instanceof UnreadableEnvelope unreadable) {
      return isMissing(
          connection, server, "the item " + itemKey.text() + " " + unreadable.description());
    }
    return show(connection, server, (VerifiedEnvelope) opened);
  }

  private int show(Connection connection, int server, VerifiedEnvelope envelope) {
    Instant deadline =
        envelope.deadline() == EnvelopeCodec.NEVER
            ? null
            : Instant.ofEpochMilli(envelope.deadline());
    if (deadline != null && !deadline.isAfter(connection.clock().instant())) {
      return isMissing(connection, server, "its deadline was " + deadline);
    }
    Object value = envelope.value();
    String type =
        value instanceof Undecoded undecoded ? undecoded.className() : value.getClass().getName();
    String text = text(value);
    if (context().format() != Format.TABLE) {
      Table table =
          new Table(
              Column.text("server", "SERVER"),
              Column.text("item", "ITEM"),
              Column.text("type", "TYPE"),
              Column.bytes("size", "SIZE"),
              Column.bytes("stored", "STORED"),
              Column.text("deadline", "DEADLINE"),
              Column.text("value", "VALUE"));
      table.add(
          connection.name(server),
          envelope.key().text(),
          type,
          envelope.valueSize(),
          envelope.storedSize(),
          deadline == null ? null : deadline.toString(),
          value instanceof Undecoded ? null : text);
      print(table);
      return ExitCode.DONE;
    }
    console()
        .note(
            type
                + ", "
                + envelope.valueSize()
                + " bytes, on "
                + connection.name(server)
                + (deadline == null ? ", doesn't expire" : ", until " + deadline));
    console().out().println(ErrorText.escape(text));
    return ExitCode.DONE;
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString();
  }

  private int isMissing(Connection connection, int server, String why) {
    console()
        .error("no such entry on " + connection.name(server) + ", which is its server: " + why);
    return ExitCode.NO;
  }
}
