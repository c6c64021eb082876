// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Creates the threads of this provider. They are daemons and inherit nothing from the thread that
 * caused them: neither its context class loader, its thread locals and its group, which would keep
 * an undeployed application alive, nor the protection domains of the classes on its stack.
 *
 * <p>Thread-safe.
 */
public final class DaemonThreads implements ThreadFactory {

  private final String name;
  private final AtomicInteger created = new AtomicInteger();

  /** Those that may run. Weakly, as some never start, for want of memory. */
  private final Set<Thread> threads =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

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
    Thread thread =
        newThread(
            name + "-" + created.incrementAndGet(),
            () -> {
              try {
                work.run();
              } finally {
                threads.remove(Thread.currentThread());
              }
            });
    threads.add(thread);
    return thread;
  }

  /** Waits for all threads of this factory but the calling one; returns whether they have ended. */
  public boolean join(Patience patience) {
    boolean all = true;
    for (Thread thread : others()) {
      all &= patience.join(thread);
    }
    return all;
  }

  /** Interrupts all threads of this factory but the calling one. */
  void interrupt() {
    others().forEach(Thread::interrupt);
  }

  private List<Thread> others() {
    return Arrays.stream(threads.toArray(Thread[]::new))
        .filter(thread -> thread != Thread.currentThread())
        .toList();
  }

  /** Creates one thread, whose name has no number. */
  @SuppressWarnings({
    "removal", // later releases of Java, which take it away, inherit nothing
    "ThreadPriorityCheck" // it isn't to be that of the thread which caused this one
  })
  public static Thread newThread(String name, Runnable work) {
    Thread thread =
        AccessController.doPrivileged(
            (PrivilegedAction<Thread>) () -> new Thread(mainGroup(), work, name, 0, false));
    thread.setDaemon(true);
    thread.setPriority(Thread.NORM_PRIORITY);
    thread.setContextClassLoader(DaemonThreads.class.getClassLoader());
    return thread;
  }

  /**
   * Returns the group {@code main}: whoever has one of his own may interrupt it. Not the one above,
   * which has the threads of the JVM: what looks for threads that are left over skips it.
   */
  private static ThreadGroup mainGroup() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    ThreadGroup parent = group.getParent();
    while (parent != null && parent.getParent() != null) {
      group = parent;
      parent = group.getParent();
    }
    return group;
  }

  /** Returns the names of the threads that run, but for the calling one. */
  @Override
  public String toString() {
    return others().stream().map(Thread::getName).toList().toString();
  }
}
