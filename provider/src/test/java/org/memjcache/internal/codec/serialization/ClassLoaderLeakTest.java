// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.serialization.JavaSerializerTest.OwnLoader;
import org.memjcache.support.ChildFirstLoader;
import org.memjcache.support.Samples.Person;

/** What is remembered about classes keeps no application alive that was undeployed. */
class ClassLoaderLeakTest {

  @Test
  void refusal_classOfAnApplication_loaderCanGo() throws Exception {
    assertThat(isCollected(judgeInOwnLoader())).isTrue();
  }

  private static WeakReference<ClassLoader> judgeInOwnLoader() throws Exception {
    ClassLoader application = new OwnLoader(Person.class.getName());
    Class<?> type = application.loadClass(Person.class.getName());
    assertThat(type).isNotSameAs(Person.class);
    assertThat(KeyClassValidator.refusal(type)).isNull();
    return new WeakReference<>(application);
  }

  @Test
  void refusal_classOfTheJdkJudgedByACopyOfOurs_loaderOfTheCopyCanGo() throws Exception {
    assertThat(isCollected(judgeByCopy())).isTrue();
  }

  private static WeakReference<ClassLoader> judgeByCopy() throws Exception {
    ClassLoader copy =
        new ChildFirstLoader(
            ClassLoaderLeakTest.class.getClassLoader(), name -> name.startsWith("org.memjcache."));
    Class<?> rules = copy.loadClass(KeyClassValidator.class.getName());
    assertThat(rules).isNotSameAs(KeyClassValidator.class);
    var refusal = rules.getDeclaredMethod("refusal", Class.class);
    refusal.setAccessible(true);
    assertThat(refusal.invoke(null, Thread.class)).asString().contains("equals");
    return new WeakReference<>(copy);
  }

  private static boolean isCollected(WeakReference<ClassLoader> loader) throws Exception {
    for (int i = 0; i < 50 && loader.get() != null; i++) {
      System.gc();
      Thread.sleep(10);
    }
    return loader.get() == null;
  }
}
