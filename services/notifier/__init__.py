"""Alerts in, messages out.

Reads the alert stream as group ``notifier`` and sends each alert to every subscription that wants it, at
least once and in no promised order; a receiver drops repeats by ``webhook-id``. Never decides *whether* to
alert.
"""
