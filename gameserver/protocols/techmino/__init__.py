"""The Techmino protocol: ``sockets`` speaks to the clients 0.14.2 to 0.17.6, ``generation3`` to those after them.

Who somebody is (``identities``), the rooms and rounds (``rooms``) and the replays are one for all of them.
"""
