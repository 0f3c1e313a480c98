# attack: the folder of the lab is a link to a neighbour's
# row: B6
# would show: the neighbour's marks
# unconfined: stopped: at intake
# defence: no link anywhere on the way
ln -s "$CLASS/a-neighbour/01-socket" 01-socket
