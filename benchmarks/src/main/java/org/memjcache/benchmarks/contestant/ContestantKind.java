// SPDX-License-Identifier: Apache-2.0
package org.memjcache.benchmarks.contestant;

import java.net.URI;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import javax.net.SocketFactory;
import org.memjcache.ManagerUri;

/** The contestants. */
public enum ContestantKind {
  /** xmemcached's own client, which everything in memcached is compared with. */
  XMEMCACHED("xmemcached, bare", Can.ITEMS) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new BareXmemcached(Endpoints.require(endpoints.memcached()), 1);
    }
  },
  /** The same with two connections, which suit it better with many threads. */
  XMEMCACHED_2("xmemcached, 2 connections", Can.ITEMS) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new BareXmemcached(Endpoints.require(endpoints.memcached()), 2);
    }
  },
  /** A socket for each thread: the floor of a round trip. */
  SOCKETS("blocking sockets", Can.SINGLE) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new BlockingSockets(
          Endpoints.require(endpoints.memcached()), SocketFactory.getDefault());
    }
  },
  /** The same over TLS, by the JDK. */
  SOCKETS_TLS("blocking sockets, TLS", Can.SINGLE) {
    @Override
    public Contestant open(Endpoints endpoints) {
      URI uri = URI.create(Endpoints.require(endpoints.memcachedTls()));
      return new BlockingSockets(uri.getAuthority(), TlsSockets.trusting(uri));
    }
  },
  /** The namespace that everybody writes first. */
  NAIVE("naive namespace", Can.SINGLE) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new NaiveNamespace(Endpoints.require(endpoints.memcached()));
    }
  },
  /** This provider with one level, the cache. */
  STRICT("MemJCache strict", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return MemJCacheContestant.open(Endpoints.require(endpoints.memcached()), "");
    }
  },
  /** This provider with application, tenant and cache. */
  STRICT_3("MemJCache strict, 3 levels", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return MemJCacheContestant.open(Endpoints.require(endpoints.memcached()), "shop/lisboa");
    }
  },
  /** The same with two connections. */
  STRICT_3_2("MemJCache strict, 3 levels, 2 connections", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return MemJCacheContestant.open(
          Endpoints.require(endpoints.memcached()), "shop2/lisboa?connections=2");
    }
  },
  /** This provider with three levels, over TLS. */
  STRICT_3_TLS("MemJCache strict, 3 levels, TLS", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      URI server = URI.create(Endpoints.require(endpoints.memcachedTls()));
      return MemJCacheContestant.open(ManagerUri.withNamespace(server, "shop", "lisboa"));
    }
  },
  /** This provider, trusting versions for 100 ms. */
  BOUNDED("MemJCache bounded", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return MemJCacheContestant.open(
          Endpoints.require(endpoints.memcached()), "bounded?consistency=bounded");
    }
  },
  /** This provider, which keeps 10,000 entries in the process for 100 ms. */
  NEAR("MemJCache bounded, near cache", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return MemJCacheContestant.open(
          Endpoints.require(endpoints.memcached()),
          "near?consistency=bounded&cache.entries.near=" + NEAR_ENTRIES);
    }
  },
  /** What users of Spring Boot and memcached had before: a namespace that is asked for first. */
  SIXHOURS("sixhours' cache", Can.SINGLE) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new SixhoursContestant(Endpoints.require(endpoints.memcached()));
    }
  },
  /** Redisson over a Redis server. */
  REDISSON("Redisson", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return RedissonContestant.open(Endpoints.require(endpoints.redis()));
    }
  },
  /** A Hazelcast client of a member in another JVM. */
  HAZELCAST("Hazelcast", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return HazelcastContestant.open(Endpoints.require(endpoints.hazelcast()), 0);
    }
  },
  /** Redisson's map, which keeps 10,000 entries in the process until another one changes them. */
  REDISSON_NEAR("Redisson, local cached map", Can.SINGLE) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return new LocalCachedMap(Endpoints.require(endpoints.redis()), NEAR_ENTRIES);
    }
  },
  /** Hazelcast with a near cache of 10,000 entries. */
  HAZELCAST_NEAR("Hazelcast, near cache", Can.ALL) {
    @Override
    public Contestant open(Endpoints endpoints) {
      return HazelcastContestant.open(Endpoints.require(endpoints.hazelcast()), NEAR_ENTRIES);
    }
  },
  /** Caffeine by its JCache, which knows no server, with room for as many entries as the others. */
  CAFFEINE("Caffeine", Can.WHAT_FITS) {
    @Override
    public Contestant open(Endpoints endpoints) {
      System.setProperty(
          "caffeine.jcache.default.policy.maximum.size", Integer.toString(NEAR_ENTRIES));
      CachingProvider provider =
          Caching.getCachingProvider(
              "com.github.benmanes.caffeine.jcache.spi.CaffeineCachingProvider");
      return new JCacheContestant(
          provider.getCacheManager(), JCacheContestant.Adaptation.NONE, provider::close);
    }
  };

  /** How many entries near caches keep. */
  private static final int NEAR_ENTRIES = 10_000;

  private final String title;
  private final Can can;

  ContestantKind(String title, Can can) {
    this.title = title;
    this.can = can;
  }

  /**
   * Returns its name in reports.
   *
   * @return a few words
   */
  public String title() {
    return title;
  }

  /**
   * Returns whether an operation can be measured.
   *
   * @param operation the operation
   * @return whether it can do that
   */
  public boolean can(Operation operation) {
    return can.include(operation);
  }

  /**
   * Returns whether its entries are in memcached.
   *
   * @return false for those with servers of their own
   */
  public boolean isInMemcached() {
    return !isInRedis() && !isInHazelcast() && this != CAFFEINE;
  }

  /**
   * Returns whether its entries are in Redis.
   *
   * @return whether it needs that server
   */
  public boolean isInRedis() {
    return this == REDISSON || this == REDISSON_NEAR;
  }

  /**
   * Returns whether its entries are in a member of Hazelcast.
   *
   * @return whether it needs that server
   */
  public boolean isInHazelcast() {
    return this == HAZELCAST || this == HAZELCAST_NEAR;
  }

  /**
   * Returns whether it speaks TLS.
   *
   * @return false for those that send everything as it is
   */
  public boolean isOverTls() {
    return this == SOCKETS_TLS || this == STRICT_3_TLS;
  }

  /**
   * Returns whether it is this provider.
   *
   * @return false for all others
   */
  public boolean isOurs() {
    return switch (this) {
      case STRICT, STRICT_3, STRICT_3_2, STRICT_3_TLS, BOUNDED, NEAR -> true;
      default -> false;
    };
  }

  /**
   * Connects.
   *
   * @param endpoints where the servers are
   * @return the contestant, to be closed
   */
  public abstract Contestant open(Endpoints endpoints);

  /** What contestants can do. */
  private enum Can {
    SINGLE,
    ITEMS,
    ALL,
    WHAT_FITS;

    boolean include(Operation operation) {
      return switch (operation) {
        case GET, GET_MISS, PUT, MIXED -> true;
        case GET_ZIPF -> this != WHAT_FITS; // of more entries
        case PUT_IF_ABSENT, INVOKE, GET_ALL, PUT_ALL -> this != SINGLE;
        case CLEAR, REMOVE_ALL, ITERATE -> this == ALL;
      };
    }
  }
}
