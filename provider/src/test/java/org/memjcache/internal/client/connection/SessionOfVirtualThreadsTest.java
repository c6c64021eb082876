// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The same with virtual threads, for which another thread leads. */
@Tag("slow")
@EnabledForJreRange(min = JRE.JAVA_21)
class SessionOfVirtualThreadsTest extends SessionTest {

  /** By reflection, as these sources are of Java 17. */
  @Override
  Thread thread(Runnable work) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      return (Thread)
          Class.forName("java.lang.Thread$Builder")
              .getMethod("unstarted", Runnable.class)
              .invoke(builder, work);
    } catch (NoSuchMethodException
        | ClassNotFoundException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new LinkageError("This JDK has no virtual threads", e);
    }
  }
}
