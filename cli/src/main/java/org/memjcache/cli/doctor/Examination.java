// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli.doctor;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.memjcache.cli.connection.Connection;
import org.memjcache.cli.connection.ServerState;
import org.memjcache.cli.output.Units;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.Protocol;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.internal.namespace.Versions;

/**
 * Looks for what may be wrong with the servers, and with the options that they are used with.
 * Changes nothing. Used once, by one thread.
 */
public final class Examination {

  /** memcached tells whole seconds: less may be the rounding. */
  private static final Duration CLOCK = Duration.ofSeconds(2);

  private final Connection connection;
  private final ClusterSettings settings;
  private final Duration young;
  private final List<ServerState> states;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Asks the servers.
   *
   * @param young an item that was evicted so soon after its last use was still wanted
   */
  public Examination(Connection connection, Duration young) {
    this.connection = connection;
    this.settings = connection.settings().cluster();
    this.young = young;
    this.states = ServerState.ask(connection);
  }

  /** Returns how many servers were asked. */
  public int servers() {
    return states.size();
  }

  /**
   * Returns what was found, servers first.
   *
   * @param path a level whose versions are looked at, too; null for none
   */
  public List<Finding> run(@Nullable PathKey path) {
    addresses();
    for (ServerState state : states) {
      if (state.isUp()) {
        clock(state);
        keyDump(state);
        casTokens(state);
        evictions(state);
        connections(state);
        timeout(state);
      } else {
        away(state.name(), state.reason());
      }
    }
    disagreements();
    sameServer();
    serversOfOthers();
    if (path != null) {
      versions(path);
    }
    return findings;
  }

  private void add(String name, String subject, String what, String remedy) {
    findings.add(new Finding(name, subject, what, remedy));
  }

  private void away(String server, String reason) {
    add(
        "away",
        server,
        reason,
        "start it, or mend what the message says; until then operations on its entries fail, or"
            + " miss with failure=miss, and clears fail");
  }

  private void addresses() {
    for (ServerAddress server : settings.servers()) {
      try {
        List<InetAddress> addresses = connection.cluster().addressesOf(server.host());
        long ipv4 = addresses.stream().filter(Inet4Address.class::isInstance).count();
        if (ipv4 > 1 || addresses.size() - ipv4 > 1) {
          add(
              "several-addresses",
              server.toString(),
              "its name leads to several addresses, "
                  + addresses.stream()
                      .map(InetAddress::getHostAddress)
                      .collect(Collectors.joining(", "))
                  + ", and each process could take another one",
              "write servers=dns:"
                  + server
                  + " to use all of them, or give each a name of its own");
        }
      } catch (IOException e) {
        add(
            "unknown-name",
            server.toString(),
            "its name can't be looked up here: " + e.getMessage(),
            "mend the name in the list of servers, or the name service of this machine");
      }
    }
  }

  private void clock(ServerState state) {
    Duration difference = Duration.ofMillis(state.clockDifference());
    if (difference.abs().compareTo(CLOCK) > 0) {
      add(
          "clock",
          state.name(),
          "its clock is "
              + Units.seconds(difference.abs().toSeconds())
              + (difference.isNegative() ? " behind" : " ahead of")
              + " that of this machine",
          "set both by NTP; memcached takes the time when it starts, so restart it after its"
              + " machine was set. Deadlines are compared with the clocks of the applications: look"
              + " at those, too");
    }
  }

  private void keyDump(ServerState state) {
    if (settings.protocol() == Protocol.BINARY) {
      add(
          "no-iteration",
          state.name(),
          "with protocol=binary its keys can't be listed",
          "use protocol=text, with memcached -Y in place of -S, if you need iterators, removeAll()"
              + " with a listener or statistics, or the commands tenants, usage and keys");
    } else if (!state.listsKeys(Protocol.TEXT)) {
      add(
          "no-iteration",
          state.name(),
          "its keys can't be listed: it was started with -X, or with -o no_lru_crawler",
          "start it without, if you need iterators, removeAll() with a listener or statistics, or"
              + " the commands tenants, usage and keys");
    }
  }

  private void casTokens(ServerState state) {
    if (!state.hasCasTokens()) {
      add(
          "no-cas",
          state.name(),
          "it was started with -C: replace, invoke, getAndPut and all else that depends on the older"
              + " entry fails",
          "start it without -C");
    }
  }

  private void evictions(ServerState state) {
    long youngest = state.youngestEvicted();
    if (youngest >= 0 && youngest < young.toSeconds()) {
      add(
          "evictions",
          state.name(),
          "it evicts items that were used "
              + Units.seconds(youngest)
              + " before; "
              + Units.count(state.number("evictions"))
              + " evictions since it was started, "
              + Units.count(state.number("evicted_unfetched"))
              + " of items that were never read",
          "give it more memory (-m), add a server, or give entries shorter lives; 'memjcache tenants'"
              + " shows who has the memory, and how much is garbage of clears");
    }
  }

  private void connections(ServerState state) {
    long most = state.number("max_connections");
    long open = state.number("curr_connections");
    long refused = state.number("rejected_connections");
    long reserved = state.number("reserved_fds"); // for its own files, out of the same limit
    if (most > 0 && (refused > 0 || open + reserved >= most * 0.9)) {
      add(
          "connections",
          state.name(),
          Units.count(open)
              + " of "
              + Units.count(most)
              + " connections are open, "
              + Units.count(reserved)
              + " are reserved by memcached, and "
              + Units.count(refused)
              + " were refused",
          "start it with more (-c), or look for a client that opens too many; each process of"
              + " MemJCache has as many as its option 'connections' says");
    }
  }

  private void timeout(ServerState state) {
    Duration time = state.ping().time();
    // Over the connection that is open now: the first answer has the time of connecting in it.
    Duration again =
        connection.cluster().ping().stream()
            .filter(ping -> ping.server().equals(state.name()) && ping.isReachable())
            .map(ping -> ping.time())
            .findFirst()
            .orElse(time);
    if (again.multipliedBy(2).compareTo(settings.operationTimeout()) > 0) {
      add(
          "slow",
          state.name(),
          "one round trip takes "
              + again.toMillis()
              + " ms from here, and timeout is "
              + settings.operationTimeout().toMillis()
              + " ms; operations of two trips would fail",
          "raise the option timeout, or bring applications nearer to the server");
    }
  }

  private void disagreements() {
    disagree("version", state -> state.general().get("version"));
    disagree("memory (-m)", state -> state.general().get("limit_maxbytes"));
    disagree("item size limit (-I)", state -> Long.toString(state.itemSizeLimit()));
  }

  private void disagree(String what, Function<ServerState, @Nullable String> value) {
    Map<String, List<String>> servers = new TreeMap<>();
    for (ServerState state : states) {
      String of = state.isUp() ? value.apply(state) : null;
      if (of != null) {
        servers.computeIfAbsent(of, any -> new ArrayList<>()).add(state.name());
      }
    }
    if (servers.size() > 1) {
      add(
          "disagreement",
          what,
          servers.entrySet().stream()
              .map(each -> each.getKey() + " on " + String.join(", ", each.getValue()))
              .collect(Collectors.joining("; ")),
          "make them equal: keys are spread evenly over the servers, so the weakest one decides what"
              + " fits and what works");
    }
  }

  private void sameServer() {
    Map<String, List<String>> names = new LinkedHashMap<>();
    for (ServerState state : states) {
      String identity = state.identity();
      if (state.isUp() && identity != null) {
        names.computeIfAbsent(identity, any -> new ArrayList<>()).add(state.name());
      }
    }
    for (List<String> same : names.values()) {
      if (same.size() > 1) {
        add(
            "same-server",
            String.join(", ", same),
            "these names lead to one memcached",
            "leave all but one out of the list: it gets more than its share of the entries, and is"
                + " cleared twice");
      }
    }
  }

  private void serversOfOthers() {
    for (ServerAddress other : connection.cluster().used().outside()) {
      add(
          "servers-of-others",
          other.toString(),
          "other processes use it, and it isn't in this list of servers",
          "give all processes the same list, or leave it alone if the servers are just being"
              + " changed; a server that is no longer used is forgotten after a clear that finds it"
              + " away");
    }
  }

  private void versions(PathKey path) {
    Instant now = connection.clock().instant();
    Set<String> up =
        states.stream()
            .filter(ServerState::isUp)
            .map(ServerState::name)
            .collect(Collectors.toSet());
    for (int server : connection.cluster().knownList().indices()) {
      String name = connection.name(server);
      if (up.contains(name)) { // of the others it was said before that they are away
        try {
          connection
              .versions(server, levelsOf(path))
              .forEach((level, version) -> version(name, level, version, now));
        } catch (RequestFailedException e) {
          away(name, String.valueOf(e.getMessage()));
        }
      }
    }
  }

  /** Returns the levels of a namespace, and of the cache of the same names. */
  private static Set<PathKey> levelsOf(PathKey path) {
    Set<PathKey> levels = new LinkedHashSet<>(path.toEachLevel());
    levels.addAll(Connection.levelsOf(path));
    return levels;
  }

  private void version(String server, PathKey level, long version, Instant now) {
    if (version == 0) {
      add(
          "not-a-version",
          level + " on " + server,
          "the item " + level.versionKey() + " holds no version, so every operation there fails",
          "find out which program writes to it, and delete the item; that clears the level there");
    } else if (Versions.createdAt(version).isAfter(now.plus(CLOCK))) {
      add(
          "version-ahead",
          level + " on " + server,
          "its version is of "
              + Versions.createdAt(version)
              + ", which is ahead of this machine's clock",
          "set the clock of the process that created it: its deadlines are wrong as well. The version"
              + " itself does no harm");
    }
  }
}
