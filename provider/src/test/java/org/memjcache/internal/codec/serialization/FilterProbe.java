// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.serialization;

import java.io.ObjectInputFilter;
import java.io.ObjectInputFilter.Status;
import java.util.function.BinaryOperator;
import javax.cache.CacheException;
import org.memjcache.support.Samples;
import org.memjcache.support.Samples.Pair;
import org.memjcache.support.Samples.Person;

/** Reads three objects in a JVM with a filter of its own, and says what came of it. */
public final class FilterProbe {

  private FilterProbe() {}

  public static void main(String[] arguments) {
    attempt("person", new Person("Ada", 36));
    attempt("pair", new Pair("a", 1));
    attempt("gadget", new Gadgets.Reading());
    System.out.println("ran: " + Gadgets.RAN);
  }

  private static void attempt(String name, Object object) {
    byte[] bytes = Gadgets.bytes(object);
    try {
      Samples.serializer().deserialize(bytes, 0, bytes.length);
      System.out.println(name + ": read");
    } catch (CacheException e) {
      System.out.println(name + ": refused, " + e.getMessage());
    }
  }

  /** A factory that lets everything pass, whatever filter a stream asks for. */
  public static final class AllowAll implements BinaryOperator<ObjectInputFilter> {
    public AllowAll() {}

    @Override
    public ObjectInputFilter apply(ObjectInputFilter current, ObjectInputFilter requested) {
      return info -> Status.ALLOWED;
    }
  }
}
