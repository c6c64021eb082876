package org.memjcache.internal.metrics;

import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import javax.cache.CacheException;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.memjcache.CacheInsightMXBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The managed beans of one cache on the platform's MBean server.
 *
 * <ul>
 *   <li>If the MBean server refuses a bean or fails, a {@link CacheException} says so.
 *   <li>Registering what is registered and unregistering what is not does nothing.
 *   <li>Only what this object registered is ever unregistered: a cache of the same name, of another
 *       manager with the same URI, keeps its beans. {@link BeanName} says how names stay unique.
 *   <li>After {@link #close()} nothing can be registered any more, so that no bean outlives its
 *       cache whatever other threads do.
 * </ul>
 *
 * <p>Thread-safe. The MBean server's own notification listeners run inside these calls. Source:
 * javadoc of {@link javax.cache.CacheManager#enableManagement} and {@link
 * javax.cache.CacheManager#enableStatistics}.
 */
public final class MBeans implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MBeans.class);

  private final MBeanServer server;
  private final String manager;
  private final String cache;
  private Map<BeanName, ObjectName> registered = Map.of();
  private boolean closed;

  /**
   * Creates the beans of a cache; registers nothing yet.
   *
   * @param manager the URI of the cache's manager
   */
  public MBeans(String manager, String cache) {
    this(ManagementFactory.getPlatformMBeanServer(), manager, cache);
  }

  MBeans(MBeanServer server, String manager, String cache) {
    this.server = server;
    this.manager = manager;
    this.cache = cache;
  }

  public void registerConfiguration(CacheMXBean bean) {
    register(BeanName.CONFIGURATION, bean);
  }

  public void unregisterConfiguration() {
    unregister(BeanName.CONFIGURATION);
  }

  /** Logs it if tools that make the name of the statistics' bean themselves will not find it. */
  public void registerStatistics(CacheStatisticsMXBean statistics, CacheInsightMXBean insight) {
    register(BeanName.STATISTICS, statistics);
    if (!BeanName.isPlain(manager, cache)) {
      LOG.info(
          "Micrometer's JCacheMetrics will not find the statistics of the cache '{}' of the manager"
              + " {}: the URI must not contain , = ? * or \", nor the name of the cache any of"
              + " these or a colon. Write ; between servers, and give options as properties or in a"
              + " file instead of in the URI (docs/configuration.md, Managed beans and metrics)",
          cache,
          manager);
    }
    register(BeanName.INSIGHT, insight);
  }

  public void unregisterStatistics() {
    unregister(BeanName.STATISTICS);
    unregister(BeanName.INSIGHT);
  }

  /** Unregisters all beans for good. */
  @Override
  public synchronized void close() {
    closed = true;
    for (BeanName kind : BeanName.values()) {
      unregister(kind);
    }
  }

  private synchronized void register(BeanName kind, Object bean) {
    if (closed || registered.containsKey(kind)) {
      return;
    }
    int instance = 1;
    while (!tryRegister(kind, kind.of(manager, cache, instance), bean)) {
      instance++;
    }
  }

  /** Returns false if the name is taken. */
  private boolean tryRegister(BeanName kind, ObjectName name, Object bean) {
    try {
      server.registerMBean(bean, name);
      if (registered.isEmpty()) {
        registered = new EnumMap<>(BeanName.class);
      }
      registered.put(kind, name);
      return true;
    } catch (InstanceAlreadyExistsException taken) {
      return false;
    } catch (JMException | RuntimeException e) {
      throw new CacheException("The MBean server refused " + name, e);
    }
  }

  private synchronized void unregister(BeanName kind) {
    ObjectName name = registered.isEmpty() ? null : registered.remove(kind);
    if (name == null) {
      return;
    }
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException gone) {
      return;
    } catch (JMException | RuntimeException e) {
      throw new CacheException("The MBean server failed to unregister " + name, e);
    }
  }
}
