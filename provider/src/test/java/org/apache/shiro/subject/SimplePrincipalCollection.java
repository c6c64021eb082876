// SPDX-License-Identifier: Apache-2.0
package org.apache.shiro.subject;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What Apache Shiro's class of this name is for a cache: its fields, how it is written, equals. */
@SuppressWarnings("serial")
public final class SimplePrincipalCollection implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private Map<String, Set<Object>> realmPrincipals = new LinkedHashMap<>();
  private transient String cachedToString;

  public SimplePrincipalCollection add(Object principal, String realm) {
    realmPrincipals.computeIfAbsent(realm, r -> new LinkedHashSet<>()).add(principal);
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimplePrincipalCollection that
        && realmPrincipals.equals(that.realmPrincipals);
  }

  @Override
  public int hashCode() {
    return realmPrincipals.hashCode();
  }

  @Override
  public String toString() {
    cachedToString = realmPrincipals.toString();
    return cachedToString;
  }

  @Serial
  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    out.writeBoolean(true);
    out.writeObject(realmPrincipals);
  }

  @Serial
  @SuppressWarnings("unchecked")
  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    if (in.readBoolean()) {
      realmPrincipals = (Map<String, Set<Object>>) in.readObject();
    }
  }
}
