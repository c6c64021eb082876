package org.memjcache.internal.common;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates the threads of this provider. They are daemons and inherit nothing from the thread that
 * caused them: neither its context class loader nor its thread locals, which would keep an
 * undeployed application alive.
 *
 * <p>Thread-safe.
 */
public final class DaemonThreads implements ThreadFactory {

  private final String name;
  private final AtomicInteger created = new AtomicInteger();

  /**
   * Creates a factory.
   *
   * @param name what the threads are called, before a number
   */
  public DaemonThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable work) {
    return newThread(name + "-" + created.incrementAndGet(), work);
  }

  /** Creates one thread, whose name has no number. */
  public static Thread newThread(String name, Runnable work) {
    Thread thread = new Thread(null, work, name, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
    return thread;
  }
}
