"""Whether a change of an incident rings, and what is then said: verdict, sentence, alert, history."""
