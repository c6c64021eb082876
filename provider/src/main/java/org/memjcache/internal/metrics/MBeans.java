// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.EnumMap;
import java.util.Map;
import javax.cache.CacheException;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.internal.text.ErrorText;
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
 *   <li>The description of a bean says which cache, manager and class loader it belongs to; the
 *       class loader isn't held.
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
  private final WeakReference<ClassLoader> loader;
  private final String cache;
  private Map<BeanName, ObjectName> registered = Map.of();
  private boolean closed;

  /**
   * Creates the beans of a cache; registers nothing yet.
   *
   * @param manager the URI of the cache's manager
   * @param loader the class loader of the manager
   */
  public MBeans(String manager, WeakReference<ClassLoader> loader, String cache) {
    this(ManagementFactory.getPlatformMBeanServer(), manager, loader, cache);
  }

  MBeans(MBeanServer server, String manager, WeakReference<ClassLoader> loader, String cache) {
    this.server = server;
    this.manager = manager;
    this.loader = loader;
    this.cache = cache;
  }

  public void registerConfiguration(CacheMXBean bean) {
    register(BeanName.CONFIGURATION, CacheMXBean.class, bean);
  }

  public void unregisterConfiguration() {
    unregister(BeanName.CONFIGURATION);
  }

  /** Logs it if tools that make the name of the statistics' bean themselves will not find it. */
  public void registerStatistics(CacheStatisticsMXBean statistics, CacheInsightMXBean insight) {
    ObjectName taken = register(BeanName.STATISTICS, CacheStatisticsMXBean.class, statistics);
    if (taken != null) {
      LOG.warn(
          "Tools that make the name of a managed bean themselves, such as Micrometer's"
              + " JCacheMetrics, will show the statistics of another cache for {}: the bean {} is"
              + " that of {}. Use MemcachedCacheMetrics, or write the URI of one of the managers in"
              + " another way, such as with the port (docs/configuration.md, Managed beans and"
              + " metrics)",
          this,
          taken,
          describe(taken));
    } else if (!BeanName.isPlain(manager, cache)) {
      LOG.info(
          "Micrometer's JCacheMetrics will not find the statistics of the cache {} of the manager"
              + " {}: the URI must not contain , = ? * or \", nor the name of the cache any of"
              + " these or a colon. Write ; between servers, and give options as properties or in a"
              + " file instead of in the URI (docs/configuration.md, Managed beans and metrics)",
          ErrorText.of(cache),
          manager);
    }
    register(BeanName.INSIGHT, CacheInsightMXBean.class, insight);
  }

  public void unregisterStatistics() {
    try {
      unregister(BeanName.STATISTICS);
    } finally {
      unregister(BeanName.INSIGHT);
    }
  }

  /** Unregisters all beans for good. */
  @Override
  public synchronized void close() {
    closed = true;
    try {
      unregisterConfiguration();
    } finally {
      unregisterStatistics();
    }
  }

  /** Registers a bean; returns the name that it should have if that was taken, else null. */
  private synchronized <T> @Nullable ObjectName register(BeanName kind, Class<T> type, T bean) {
    if (closed || registered.containsKey(kind)) {
      return null;
    }
    StandardMBean described =
        new StandardMBean(bean, type, true) {
          @Override
          protected String getDescription(MBeanInfo info) {
            return MBeans.this.toString();
          }
        };
    int instance = 1;
    while (!tryRegister(kind, kind.of(manager, cache, instance), described)) {
      instance++;
    }
    return instance == 1 ? null : kind.of(manager, cache, 1);
  }

  /** Returns false if the name is taken. */
  private boolean tryRegister(BeanName kind, ObjectName name, Object bean) {
    if (registered.isEmpty()) {
      registered = new EnumMap<>(BeanName.class);
    }
    registered.put(kind, name); // first: what is registered must be known here
    boolean isRegistered = false;
    try {
      server.registerMBean(bean, name);
      isRegistered = true;
    } catch (InstanceAlreadyExistsException taken) {
      return false;
    } catch (JMException | RuntimeException e) {
      throw new CacheException("The MBean server refused " + name, e);
    } finally {
      if (!isRegistered) {
        registered.remove(kind);
      }
    }
    return true;
  }

  /** Returns what a bean says of itself, which may be that of another copy of this class. */
  private String describe(ObjectName bean) {
    try {
      return server.getMBeanInfo(bean).getDescription();
    } catch (JMException | RuntimeException e) { // gone meanwhile
      return "a cache that was just closed";
    }
  }

  /** Returns which cache of which manager it is. */
  @Override
  public String toString() {
    return "the cache "
        + ErrorText.of(cache)
        + " of the manager "
        + manager
        + " with "
        + loaderText();
  }

  private String loaderText() {
    ClassLoader present = loader.get();
    if (present == null) {
      return "a class loader that is gone";
    }
    String name = present.getName();
    return name == null
        ? String.format(
            "the class loader %s@%x",
            present.getClass().getName(), System.identityHashCode(present))
        : "the class loader '" + name + "'";
  }

  private synchronized void unregister(BeanName kind) {
    ObjectName name = registered.get(kind);
    if (name == null) {
      return;
    }
    try {
      server.unregisterMBean(name);
    } catch (InstanceNotFoundException gone) {
      // Somebody else unregistered it.
    } catch (JMException | RuntimeException e) {
      throw new CacheException("The MBean server failed to unregister " + name, e);
    }
    registered.remove(kind);
  }
}
