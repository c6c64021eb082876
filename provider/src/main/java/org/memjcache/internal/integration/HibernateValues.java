// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

/**
 * What Hibernate's own module {@code hibernate-jcache} puts into caches: the state of entities and
 * collections, mostly when the transaction is committed already. An exception would make it look
 * rolled back.
 */
public final class HibernateValues {

  private static final String PACKAGE = "org.hibernate.cache.";

  /** Stands in the place of an entry while a transaction changes it, and some time longer. */
  private static final String LOCK =
      "org.hibernate.cache.spi.support.AbstractReadWriteAccess$SoftLockImpl";

  private HibernateValues() {}

  /** Returns whether a value is a state, which a region can do without. */
  public static boolean isState(Object value) {
    return value.getClass().getName().startsWith(PACKAGE) && !isLock(value);
  }

  /** Returns whether a value is a lock, which keeps out states that were read before a change. */
  public static boolean isLock(Object value) {
    return value.getClass().getName().equals(LOCK);
  }
}
