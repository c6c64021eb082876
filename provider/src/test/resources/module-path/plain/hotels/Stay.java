package hotels;

import java.io.Serializable;

record Stay(String city, int days) implements Serializable {}
