// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.memjcache.PingResult;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.discovery.Discovery;
import org.memjcache.internal.client.membership.Membership;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Patience;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memcached servers that one client talks to. Shared; starts nothing before the first round
 * trip: no thread, no socket, no look-up of a name.
 *
 * <p>A server has an index, which it keeps. Which of them have the keys can change at any time
 * ({@link #use}); the others are still there for who asks for them.
 *
 * <p>After {@link #close} every method that talks to a server throws {@link RequestFailedException}
 * of kind {@link RequestFailedException.Kind#CLOSED}.
 *
 * <p>Thread-safe.
 */
public final class Cluster implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Cluster.class);

  private static final int CLOSE_SECONDS = 2;

  private final ClusterSettings settings;
  private final long operationTimeoutNanos;
  private final long connectTimeoutNanos;
  private final Connector connector;
  private final Membership membership;
  private final UsedServers used;

  /** The reactor threads start from these. */
  private final DaemonThreads threads = new DaemonThreads("memjcache-store");

  private final ThreadPoolExecutor background;
  private final AdminConnections adminConnections;
  private final MembershipRefresh refresh;
  private final ClientReactor reactor;
  private final SessionOpener opener;
  private final ServerTable servers;
  private final AtomicBoolean started = new AtomicBoolean();

  /** Those that have keys. */
  private volatile ServerList list;

  /** Null if the list is as it is configured. */
  private final @Nullable Discovery discovery;

  /** What stands for the servers before they are discovered: one that is never connected to. */
  private final ServerList undiscovered;

  /** Creates a client for items without versions. */
  public Cluster(ClusterSettings settings) {
    this(settings, InstantSource.system(), (server, floor) -> {});
  }

  /**
   * Creates the client of some servers.
   *
   * @param floors hears below which number versions on a server are void
   * @throws org.memjcache.InvalidConfigurationException if what TLS takes is not there
   */
  public Cluster(
      ClusterSettings settings, InstantSource clock, ObjLongConsumer<ServerAddress> floors) {
    this.settings = settings;
    this.operationTimeoutNanos = settings.operationTimeout().toNanos();
    this.connectTimeoutNanos = settings.connectTimeout().toNanos();
    this.connector = new Connector(settings);
    this.background =
        new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), threads);
    this.membership =
        new Membership(
            settings.protocol(),
            settings.connectTimeout().dividedBy(2),
            silenceLimitNanos(),
            clock,
            floors);
    this.used = new UsedServers(this, membership);
    this.refresh = new MembershipRefresh(membership, background);
    this.reactor = new ClientReactor(() -> knownList().indices().length * settings.connections());
    this.opener = new SessionOpener(settings, connector, reactor, membership, refresh);
    this.servers = new ServerTable(settings.connections(), opener, background);
    this.list = listOf(settings.servers());
    membership.use(servers.get(list.indices()));
    this.adminConnections = new AdminConnections(connector, background);
    this.discovery = Discovery.of(connector, adminConnections, background, this::use);
    DiscoverySettings service = settings.discovery();
    this.undiscovered = listOf(service == null ? List.of() : List.of(service.placeholder()));
  }

  /**
   * Returns the servers that have keys. If they are discovered, the first call looks them up, and
   * waits for that no longer than for a first connection.
   *
   * @throws RequestFailedException if they aren't known; what is asked of them was not sent
   */
  public ServerList list() {
    if (discovery != null && !discovery.isKnown()) {
      discovery.open();
      discovery.awaitFirst(connectTimeoutNanos);
    }
    return list;
  }

  /**
   * Has the servers be looked up if they are to be, if there is memory for that; returns whether
   * they are known.
   */
  public boolean discover() {
    if (discovery == null) {
      return true;
    }
    try {
      discovery.open();
    } catch (RuntimeException | Error e) { // the caller may be noting what another Error has undone
      LOG.debug("Not begun to look up the servers: {}", e.toString());
    }
    return discovery.isKnown();
  }

  /**
   * Returns what stands for the servers where they are to be discovered and aren't known: a single
   * one, which is in no other list and to which nothing is to be sent.
   */
  public ServerList undiscovered() {
    return undiscovered;
  }

  /** Returns whether an index is that of the one that stands for servers which aren't known. */
  public boolean isUndiscovered(int server) {
    return undiscovered.has(server);
  }

  /** Returns the servers that have keys; none before they are discovered. */
  public ServerList knownList() {
    return list;
  }

  /** Returns how often the servers were looked up, failures among them; 0 if they are listed. */
  public long lookups() {
    return discovery == null ? 0 : discovery.lookups();
  }

  /** Returns how often looking up the servers has failed. */
  public long failedLookups() {
    return discovery == null ? 0 : discovery.failures();
  }

  /** Returns how often the list of discovered servers has changed, the first one left out. */
  public long listChanges() {
    return discovery == null ? 0 : discovery.changes();
  }

  /**
   * Has these servers have the keys from now on, instead of those that had them before. Round trips
   * that have begun end with the servers that they began with. If it throws, such as for want of
   * memory, it is to be called again, with whatever list.
   */
  public void use(List<ServerAddress> newList) {
    ServerList next = listOf(newList);
    ServerList previous = list;
    int[] both =
        IntStream.concat(IntStream.of(previous.indices()), IntStream.of(next.indices()))
            .distinct()
            .toArray();
    membership.use(servers.get(both));
    if (started.get()) {
      connect(next); // first: who joins waits for those that are being connected to
    }
    for (int server : next.indices()) {
      if (!previous.has(server)) {
        opener.joinAgain(servers.get(server));
      }
    }
    list = next;
    if (started.get()) { // perhaps just now, with the previous list
      connect(next);
    }
    unlistAllBut(next);
    membership.use(servers.get(next.indices()));
  }

  private void unlistAllBut(ServerList current) {
    for (Server server : servers.all()) {
      if (!current.has(server.index())) {
        server.unlist();
      }
    }
  }

  private void connect(ServerList all) {
    Failures.forEach(servers.get(all.indices()), Server::list);
  }

  private ServerList listOf(List<ServerAddress> addresses) {
    return new ServerList(addresses, addresses.stream().mapToInt(this::indexOf).toArray());
  }

  public ClusterSettings settings() {
    return settings;
  }

  /** Returns the index of a server, which it keeps for good; one that is new gets the next. */
  public int indexOf(ServerAddress address) {
    return servers.indexOf(address);
  }

  /** Returns the servers that any process uses, which clears have to reach. */
  public UsedServers used() {
    return used;
  }

  /** Returns the address of a server by its index. */
  public ServerAddress address(int server) {
    return servers.get(server).address();
  }

  /**
   * Asks all servers that have keys whether they answer, and returns what came of it, in their
   * order.
   */
  public List<PingResult> ping() {
    return new Ping(this).run();
  }

  /** Returns a round trip without requests, for an operation that is going on. */
  public RoundTrip newRoundTrip(Operation operation) {
    return new RoundTrip(this, operation);
  }

  /** Returns what can be asked of a server about all that it holds, by its index. */
  public AdminCommands admin(int server) {
    return new AdminCommands(adminConnections, servers.get(server), settings.protocol());
  }

  /**
   * Returns the addresses that a host name leads to now; more than one of IPv4 or of IPv6 is an
   * error of every connection.
   *
   * @throws IOException if it leads to none
   */
  public List<InetAddress> addressesOf(String host) throws IOException {
    return connector.addressesOf(host);
  }

  public long operationTimeoutNanos() {
    return operationTimeoutNanos;
  }

  /** Returns how long a server may owe responses without sending a byte. */
  long silenceLimitNanos() {
    return 2 * operationTimeoutNanos;
  }

  long connectTimeoutNanos() {
    return connectTimeoutNanos;
  }

  /** To be told of each round trip, by {@link System#nanoTime}. */
  void refreshIfDue(long now) {
    refresh.ifDue(now);
  }

  /** Returns a server by index and sees to it that connecting has begun. */
  Server server(int index) {
    if (!started.get() && started.compareAndSet(false, true)) {
      ServerList first = list;
      connect(first);
      if (list != first) { // changed meanwhile, by who may not have seen what was just listed
        unlistAllBut(list);
      }
    }
    if (discovery != null) {
      discovery.open(); // in vain, unless its thread has failed
    }
    return servers.get(index);
  }

  /**
   * Closes all connections and ends all threads. When it returns, waiting callers have been woken,
   * and nothing of this cluster runs any more or is open; it waits for that no longer than {@value
   * #CLOSE_SECONDS} seconds, as a look-up of a server's name can't be interrupted. If it throws,
   * such as for want of memory, it has done what it could; the next call does the rest.
   */
  @Override
  public void close() {
    Patience patience = Patience.of(Duration.ofSeconds(CLOSE_SECONDS));
    servers.refuse();
    reactor.refuse();
    List<Runnable> steps =
        List.of(
            () -> Optional.ofNullable(discovery).ifPresent(Discovery::close),
            background::shutdownNow,
            adminConnections::close,
            servers::close,
            () -> reactor.stop(patience),
            () -> awaitThreads(patience));
    Failures.forEach(steps, Runnable::run);
  }

  private void awaitThreads(Patience patience) {
    if (!threads.join(patience)) {
      LOG.warn(
          "After {} seconds, a thread still looks up or connects to one of {}; it ends later",
          CLOSE_SECONDS,
          settings.shownServers());
    }
  }
}
