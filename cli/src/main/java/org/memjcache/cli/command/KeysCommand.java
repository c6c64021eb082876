// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.command;

import java.util.ArrayList;
import java.util.List;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.ExitCode;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.connection.Undecoded;
import org.memjcache.cli.output.Column;
import org.memjcache.cli.output.Table;
import org.memjcache.cli.output.Units;
import org.memjcache.internal.client.admin.DumpedItem;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.internal.codec.key.PathKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the keys of a cache. */
@Command(
    name = "keys",
    description = {
      "Lists keys of the entries of a cache, in no order: those that a cache can read, not what was"
          + " cleared.",
      "",
      "Walks over all items of the servers, whoever they belong to, until there are enough. Keys of"
          + " a class of the application's are shown by class and size: nothing is deserialized. A"
          + " long key is a hash in memcached; it is read from its entry. What is past its deadline"
          + " may still be listed."
    },
    footer = {
      "",
      "Examples:",
      "  memjcache -s cache1:11211 keys hotels/Lisboa/info",
      "  memjcache -f json keys hotels/Lisboa/info --limit 100000"
    })
public final class KeysCommand extends ServerCommand {

  private static final int STEP = 1 << 14;

  @Parameters(
      index = "0",
      paramLabel = "<path>",
      description = "The cache: application/tenant/cache.")
  private String path = "";

  @Option(
      names = "--limit",
      paramLabel = "<n>",
      defaultValue = "1000",
      description = "Lists so many keys at most. Default: 1000.")
  private int limit = 1000;

  private final Table table =
      new Table(
          Column.text("key", "KEY"),
          Column.text("type", "TYPE"),
          Column.text("encoded", "ENCODED"),
          Column.bytes("bytes", "BYTES"),
          Column.seconds("age", "LAST USE"),
          Column.text("server", "SERVER"));

  private long walked;

  /** Ends a walk. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughException() {
      super(null, null, false, false);
    }
  }

  /** Creates the command. */
  public KeysCommand(Context context) {
    super(context);
  }

  @Override
  int run(Connection connection) {
    PathKey cache = requirePath(connection, path);
    boolean isWhole = true;
    List<String> failures = new ArrayList<>();
    for (int server : connection.servers()) {
      try {
        isWhole = walk(connection, cache, server);
      } catch (RequestFailedException | CacheException e) {
        failures.add("" + e.getMessage());
      }
      if (!isWhole) {
        break;
      }
    }
    print(table);
    failures.forEach(console()::error);
    console()
        .note(
            Units.count(table.size())
                + (table.size() == 1 ? " key" : " keys")
                + (isWhole ? "" : ", there may be more: --limit")
                + "; walked "
                + Units.count(walked)
                + " items");
    return failures.isEmpty() ? ExitCode.DONE : ExitCode.FAILED;
  }

  /** Lists the keys of one server; returns false if there are more than wanted. */
  private boolean walk(Connection connection, PathKey cache, int server) {
    List<KeyPrefix> prefixes =
        Connection.prefixes(cache, connection.versions(server, Connection.levelsOf(cache)));
    if (prefixes.isEmpty()) {
      return true; // no entry can be read there
    }
    long now = Connection.number(connection.statistics(server), "time");
    List<DumpedItem> found = new ArrayList<>();
    boolean isWhole = list(connection, server, prefixes, found);
    for (DumpedItem item : found) { // not while they are listed, as memcached holds locks on them
      for (KeyPrefix prefix : prefixes) {
        if (item.key().startsWith(prefix.text())) {
          add(connection, server, prefix, item, now);
        }
      }
    }
    return isWhole;
  }

  /** Lists what begins with any of the prefixes; returns false if there are more than wanted. */
  private boolean list(
      Connection connection, int server, List<KeyPrefix> prefixes, List<DumpedItem> found) {
    int wanted = limit - table.size();
    try {
      connection
          .cluster()
          .admin(server)
          .dumpItems(
              "",
              item -> {
                if (++walked % STEP == 0) {
                  console().progress("walked " + Units.count(walked) + " items");
                }
                if (prefixes.stream().anyMatch(prefix -> item.key().startsWith(prefix.text()))) {
                  if (found.size() >= wanted) {
                    throw new EnoughException();
                  }
                  found.add(item);
                }
              });
      return true;
    } catch (EnoughException e) {
      return false;
    }
  }

  private void add(Connection connection, int server, KeyPrefix prefix, DumpedItem item, long now) {
    ItemKey listed = prefix.listed(item.key());
    EntryKey entry = prefix.entryKey(listed);
    if (entry == null) {
      entry = fromItem(connection, server, listed);
    }
    long age = Math.max(0, now - item.lastUse());
    String name = connection.name(server);
    if (entry == null) {
      table.add(item.key(), "unknown", null, item.size(), age, name);
      return;
    }
    try {
      Object key = connection.keys().decode(entry.text());
      String type =
          key instanceof Undecoded undecoded
              ? undecoded.className()
              : key.getClass().getSimpleName();
      table.add(key.toString(), type, entry.text(), item.size(), age, name);
    } catch (CacheException e) { // a constant of an enum, or a text that no key has
      table.add(entry.text(), "unknown", entry.text(), item.size(), age, name);
    }
  }

  /** Of a long key, the item key has only a hash; the item has it in full. */
  private static @Nullable EntryKey fromItem(Connection connection, int server, ItemKey listed) {
    Item item = connection.get(server, listed.text());
    String fullKey =
        item == null ? null : EnvelopeCodec.uncheckedFullKey(item.flags(), item.data());
    return fullKey == null
        ? null
        : listed.prefix().entryKey(new ItemKey(listed.text(), fullKey, listed.prefix()));
  }
}
