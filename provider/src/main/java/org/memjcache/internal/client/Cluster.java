// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.memjcache.PingResult;
import org.memjcache.internal.client.admin.AdminConnections;
import org.memjcache.internal.client.admin.DumpedItem;
import org.memjcache.internal.client.admin.ItemSizeLimit;
import org.memjcache.internal.client.admin.KeyDump;
import org.memjcache.internal.client.admin.Statistics;
import org.memjcache.internal.client.channel.ServerChannel;
import org.memjcache.internal.client.command.RequestFailedException;
import org.memjcache.internal.client.connection.Connector;
import org.memjcache.internal.client.connection.DisconnectReason;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.client.connection.Server;
import org.memjcache.internal.client.connection.Session;
import org.memjcache.internal.client.connection.xmemcached.XmemcachedReactor;
import org.memjcache.internal.client.discovery.Discovery;
import org.memjcache.internal.client.membership.Membership;
import org.memjcache.internal.client.membership.SameServer;
import org.memjcache.internal.common.DaemonThreads;
import org.memjcache.internal.common.Failures;
import org.memjcache.internal.common.Operation;
import org.memjcache.internal.common.Patience;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.DiscoverySettings;
import org.memjcache.internal.config.value.Protocol;
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
  private final AdminConnections sideConnections;
  private final MembershipRefresh refresh;
  private final ClientReactor reactor;
  private final AtomicBoolean started = new AtomicBoolean();

  private final Object lock = new Object();

  /** All that were ever listed or asked for, by index; only grows, under the lock. */
  private volatile Server[] servers = {};

  private final ConcurrentMap<ServerAddress, Integer> indices = new ConcurrentHashMap<>();

  /** Those that have keys. */
  private volatile ServerList list;

  /** Null if the list is as it is configured. */
  private final @Nullable Discovery discovery;

  /** What stands for the servers before they are discovered: one that is never connected to. */
  private final ServerList undiscovered;

  private boolean closed;

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
        new Membership(settings.protocol(), settings.connectTimeout().dividedBy(2), clock, floors);
    this.used = new UsedServers(this, membership);
    this.refresh = new MembershipRefresh(membership, background);
    this.reactor = new ClientReactor(() -> knownList().indices().length * settings.connections());
    this.list = listOf(settings.servers());
    membership.use(serversOf(list.indices()));
    this.sideConnections = new AdminConnections(connector, background);
    this.discovery = Discovery.of(connector, sideConnections, background, this::use);
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

  /** Has the servers be looked up if they are to be, and returns whether they are known. */
  public boolean discover() {
    if (discovery != null) {
      discovery.open();
    }
    return discovery == null || discovery.isKnown();
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
   * that have begun end with the servers that they began with.
   */
  public void use(List<ServerAddress> newList) {
    ServerList next = listOf(newList);
    ServerList previous = list;
    int[] both =
        IntStream.concat(IntStream.of(previous.indices()), IntStream.of(next.indices()))
            .distinct()
            .toArray();
    membership.use(serversOf(both));
    if (started.get()) {
      for (int server : next.indices()) {
        servers[server].list(); // first: who joins waits for those that are being connected to
      }
    }
    for (int server : next.indices()) {
      if (!previous.has(server)) {
        joinAgain(servers[server]);
      }
    }
    list = next;
    for (int server : previous.indices()) {
      if (!next.has(server)) {
        servers[server].unlist();
      }
    }
    membership.use(serversOf(next.indices()));
  }

  /** A server that was in the list before may still have a connection. */
  private void joinAgain(Server server) {
    Session session = server.session();
    if (session != null) {
      try {
        membership.join(server, session);
      } catch (IOException e) {
        session.lose(DisconnectReason.connection("it did not say what it missed", e));
      } catch (InterruptedException e) { // the cluster is being closed
        Thread.currentThread().interrupt();
        session.lose(DisconnectReason.connection("it was not asked what it missed", e));
      }
    }
  }

  private List<Server> serversOf(int[] indices) {
    return IntStream.of(indices).mapToObj(server -> servers[server]).toList();
  }

  private ServerList listOf(List<ServerAddress> addresses) {
    return new ServerList(addresses, addresses.stream().mapToInt(this::indexOf).toArray());
  }

  public ClusterSettings settings() {
    return settings;
  }

  /** Returns the index of a server, which it keeps for good; one that is new gets the next. */
  public int indexOf(ServerAddress address) {
    Integer known = indices.get(address);
    return known == null ? newIndexOf(address) : known;
  }

  private int newIndexOf(ServerAddress address) {
    synchronized (lock) {
      Integer known = indices.get(address);
      if (known != null) {
        return known;
      }
      int index = servers.length;
      Server[] more = Arrays.copyOf(servers, index + 1);
      more[index] = new Server(index, address, settings.connections(), this::connect, background);
      if (closed) {
        more[index].close();
      }
      servers = more;
      indices.put(address, index); // last: who finds it must find the server
      return index;
    }
  }

  /** Returns the servers that any process uses, which clears have to reach. */
  public UsedServers used() {
    return used;
  }

  /** Returns the address of a server by its index. */
  public ServerAddress address(int server) {
    return servers[server].address();
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

  /**
   * Walks over all items of a server and passes on the keys that start with a prefix: as {@link
   * #dumpItems}.
   */
  public void dump(int server, String keyPrefix, Consumer<String> keys) {
    dumpItems(server, keyPrefix, item -> keys.accept(item.key()));
  }

  /**
   * Walks over all items of a server and passes on those whose keys start with a prefix.
   *
   * <p>Uses {@code lru_crawler metadump} on a connection of its own. It is a walk over a live
   * store: items written or removed meanwhile may or may not appear, and one may appear twice. The
   * cost depends on all items of the server, not on those with the prefix. Nothing is held in
   * memory; the consumer runs on the calling thread and should be quick, since a server has one
   * crawler and others wait for it.
   *
   * @param server its index
   * @param keyPrefix how the keys start, may be empty
   * @param items receives the items, and must ask the same server for nothing: memcached holds a
   *     lock on some of them until they are taken from it; what it throws ends the walk and reaches
   *     the caller
   * @throws RequestFailedException if the server can't be reached, is silent, refuses dumps, or
   *     stays busy with another one; the message names the server and the option of memcached to
   *     change
   */
  public void dumpItems(int server, String keyPrefix, Consumer<DumpedItem> items) {
    ServerAddress address = address(server);
    if (settings.protocol() == Protocol.BINARY) {
      throw RequestFailures.noDumpInBinary(address);
    }
    new KeyDump(sideConnections, address, KeyDump.PATIENCE).run(keyPrefix, items);
  }

  /**
   * Returns the size in bytes of the largest item this server takes (option {@code -I}; key and
   * item header count too), or -1 if the server does not tell.
   *
   * @param server its index
   * @return bytes or -1
   * @throws RequestFailedException if the server can't be reached
   */
  public long itemSizeLimit(int server) {
    return ItemSizeLimit.ask(sideConnections, address(server));
  }

  /**
   * Returns a section of a server's statistics by name, in its order; none if it has no such
   * section.
   *
   * @param server its index
   * @param section such as {@code settings}, or {@link Statistics#GENERAL}
   * @throws RequestFailedException if the server can't be reached
   */
  public Map<String, String> statistics(int server, String section) {
    return Statistics.ask(sideConnections, address(server), section);
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

  long operationTimeoutNanos() {
    return operationTimeoutNanos;
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
      for (int listed : list.indices()) {
        servers[listed].list();
      }
    }
    if (discovery != null) {
      discovery.open(); // in vain, unless its thread has failed
    }
    return servers[index];
  }

  /**
   * Describes a timeout, and gives up the connection if the server has owed answers for twice the
   * operation timeout without sending a byte: new trips then fail at once instead of waiting too.
   */
  RequestFailedException timedOut(Session session, Duration waited, boolean neverSent) {
    long silence = session.silence();
    if (silence >= 2 * operationTimeoutNanos) {
      session.giveUp(
          DisconnectReason.silence(
              "no data received for "
                  + TimeUnit.NANOSECONDS.toMillis(silence)
                  + " ms while responses were pending"));
    }
    return RequestFailures.timedOut(session.server().address(), waited, neverSent);
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
    synchronized (lock) {
      closed = true;
      for (Server server : servers) {
        server.refuse();
      }
    }
    reactor.refuse();
    List<Runnable> steps =
        List.of(
            () -> Optional.ofNullable(discovery).ifPresent(Discovery::close),
            background::shutdownNow,
            sideConnections::close,
            () -> Failures.forEach(List.of(servers), Server::close),
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

  /** Opens one session; runs on a background thread. */
  private void connect(Server server) throws IOException, InterruptedException {
    ServerChannel channel = connector.connect(server.address());
    XmemcachedReactor running;
    try {
      running = reactor.running();
    } catch (IOException | InterruptedException | RuntimeException | Error e) {
      channel.close();
      throw e;
    }
    Session session = running.sessions().adopt(channel, server, settings.protocol());
    try {
      membership.join(server, session);
      Session older = server.session();
      boolean same = older != null && isSame(older, session);
      server.opened(session, same ? older : null);
    } catch (IOException | InterruptedException e) {
      session.lose(DisconnectReason.connection("it did not say which servers are used", e));
      throw e;
    } catch (RuntimeException | Error e) { // nobody knows it
      session.lose(DisconnectReason.connection("no memory to use it", e));
      throw e;
    }
  }

  /**
   * Returns whether a session leads to the same memcached as an older one. If the name has moved
   * meanwhile, the older ones are ended: what is stored over one must be found over all.
   */
  private boolean isSame(Session older, Session newer) {
    SameServer.Answer answer =
        new SameServer(settings.protocol(), settings.connectTimeout()).compare(older, newer);
    if (answer == SameServer.Answer.ANOTHER) {
      newer.server().hasMoved();
    }
    return answer == SameServer.Answer.SAME;
  }
}
